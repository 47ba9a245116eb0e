// A banner on the real outlines of the city, and the zones of its schools as a chart of towns and address units.
// Where a unit lies inside its banner is not public: the chart stands by towns and says that it is no map of places.
import type { Disclosure } from '@/api/public_types'
import type { Stage } from '@/api/types'
import outlines from './outlines.json'

const WIDTH = 320
const TOWN_DIGITS = 9
/** Quiet tints that black words stand on with contrast AA; schools beyond the twelfth begin again. */
export const TINTS = ['#cfe6f5', '#fbe3bd', '#cdebd6', '#f0dcef', '#f9d6d2', '#dbe5bd', '#cfe9e9', '#f4e9b4', '#dfdaf3', '#ead7c7', '#d4dfec', '#e3eecb']

interface Outline {
  name: string
  ring: number[][]
}

const RINGS = outlines as Record<string, Outline>

/** The city's banners as an SVG picture in a data address, one of them marked; '' where the banner has no outline. */
export function bannerMap(banner: string): string {
  if (!RINGS[banner]) return ''
  const points = Object.values(RINGS).flatMap((outline) => outline.ring)
  const [west, east] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))]
  const [south, north] = [Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))]
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = WIDTH / ((east - west) * shrink)
  const height = Math.ceil((north - south) * scale)
  const drawn = Object.entries(RINGS).map(([code, outline]) => {
    const places = outline.ring.map(([x, y]) => `${((x - west) * shrink * scale).toFixed(1)},${((north - y) * scale).toFixed(1)}`)
    const fill = code === banner ? '#087a41' : '#eef1ee'
    return `<polygon points="${places.join(' ')}" fill="${fill}" stroke="#767676" stroke-width="1"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 ${WIDTH + 4} ${height + 4}">${drawn.join('')}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

export interface Cell {
  code: string
  name: string
  schools: string[]
  tint: string
}

export interface Town {
  code: string
  cells: Cell[]
}

export interface ZoneChart {
  towns: Town[]
  schools: { code: string; name: string; tint: string }[]
}

/** The chart of a stage: towns by code, in each its units, tinted by the (first) school that they belong to. */
export function zoneChart(zones: Disclosure['zones'], stage: Stage): ZoneChart {
  const ofStage = zones.filter((zone) => zone.stage === stage).sort((a, b) => a.school.localeCompare(b.school))
  const schools = ofStage.map((zone, i) => ({ code: zone.school, name: zone.school_name, tint: TINTS[i % TINTS.length] }))
  const cells = new Map<string, Cell>()
  ofStage.forEach((zone, i) => {
    for (const unit of zone.units) {
      const cell = cells.get(unit.code) ?? { code: unit.code, name: unit.name, schools: [], tint: TINTS[i % TINTS.length] }
      cell.schools.push(zone.school)
      cells.set(unit.code, cell)
    }
  })
  const towns = new Map<string, Cell[]>()
  for (const cell of [...cells.values()].sort((a, b) => a.code.localeCompare(b.code))) {
    const town = cell.code.slice(0, TOWN_DIGITS)
    towns.set(town, [...(towns.get(town) ?? []), cell])
  }
  return { towns: [...towns].map(([code, inside]) => ({ code, cells: inside })), schools }
}
