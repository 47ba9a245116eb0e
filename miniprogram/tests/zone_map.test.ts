// The map of zones: the cells part the window without a rest, each place goes to its nearest unit, the own one is marked.
import { describe, expect, it } from 'vitest'
import type { MapPlaces } from '@/api/public_types'
import { zoneChart } from '@/season/zone_chart'
import { cellsAround, zoneMap } from '@/season/zone_map'

const [WIDE, HIGH] = [340, 200]
let state = 7
const chance = () => (state = (state * 48271) % 2147483647) / 2147483647
const area = (polygon: [number, number][]) =>
  Math.abs(polygon.reduce((sum, [x, y], i) => sum + x * polygon[(i + 1) % polygon.length][1] - polygon[(i + 1) % polygon.length][0] * y, 0)) / 2

function holds(polygon: [number, number][], [x, y]: [number, number]): boolean {
  let inside = false
  polygon.forEach(([x2, y2], i) => {
    const [x1, y1] = polygon[(i + polygon.length - 1) % polygon.length]
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside
  })
  return inside
}

const unit = (code: string) => ({ code, name: code })
const chart = zoneChart(
  [
    { school: '150603-P01', school_name: '一小', stage: 'primary', units: [unit('150603001001'), unit('150603001002')] },
    { school: '150603-P02', school_name: '二小', stage: 'primary', units: [unit('150603002001')] },
  ],
  'primary',
)
const places: MapPlaces = {
  banner: '150603',
  fictional: true,
  units: [
    { code: '150603001001', at: [109.78, 39.6] },
    { code: '150603001002', at: [109.8, 39.61] },
    { code: '150603002001', at: [109.85, 39.62] },
  ],
  schools: [
    { code: '150603-P01', at: [109.79, 39.6] },
    { code: '150603-P02', at: [109.85, 39.62] },
  ],
}

describe('the cells', () => {
  it('part the window without a rest, and each place lies in the cell of its nearest point', () => {
    for (let round = 0; round < 20; round += 1) {
      const points = Array.from({ length: 2 + Math.floor(chance() * 30) }, () => [chance() * WIDE, chance() * HIGH] as [number, number])
      const cells = cellsAround(points, WIDE, HIGH)
      expect(cells.reduce((sum, cell) => sum + area(cell), 0)).toBeCloseTo(WIDE * HIGH, 3)
      const place: [number, number] = [chance() * WIDE, chance() * HIGH]
      const away = points.map(([x, y]) => Math.hypot(x - place[0], y - place[1]))
      expect(holds(cells[away.indexOf(Math.min(...away))], place)).toBe(true)
    }
  })

  it('are shared by two points at the same place', () => {
    expect(cellsAround([[10, 10], [10, 10]], WIDE, HIGH).map(area)).toEqual([WIDE * HIGH, WIDE * HIGH])
  })
})

describe('the map', () => {
  const drawn = (own = '', near = false) => decodeURIComponent(zoneMap(chart, places, own, near))

  it('tints every unit by its school, inside the outline, with the schools by number', () => {
    expect(drawn().match(/stroke="#fff" stroke-width=".7"/g)?.length).toBe(3)
    expect(drawn()).toContain('clip-path="url(#b)"')
    expect([...drawn().matchAll(/<text[^>]*>(\d+)</g)].map((found) => found[1])).toEqual(['1', '2'])
    expect(drawn()).not.toContain('stroke-width="3"')
  })

  it('marks the own unit and its school, from afar and near', () => {
    for (const near of [false, true]) {
      expect(drawn('150603001002', near).match(/stroke-width="3"/g)?.length).toBe(1)
      expect(drawn('150603001002', near).match(/fill="#087a41"/g)?.length).toBe(1)
    }
    expect(drawn('150603001002', true)).not.toBe(drawn('150603001002'))
  })

  it('is left out where nobody told where the units lie', () => {
    expect(zoneMap(chart, { ...places, units: places.units.slice(0, 1) })).toBe('')
  })
})
