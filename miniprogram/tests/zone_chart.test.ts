// The school finder's chart: every unit once, by towns, tinted by its school; the banner on the real outlines.
import { describe, expect, it } from 'vitest'
import { TINTS, bannerMap, zoneChart } from '@/season/zone_chart'

const unit = (code: string) => ({ code, name: `社区 ${code}` })
const zones = [
  { school: '150603-P02', school_name: '二小', stage: 'primary' as const, units: [unit('150603002001')] },
  {
    school: '150603-P01',
    school_name: '一小',
    stage: 'primary' as const,
    units: [unit('150603001002'), unit('150603001001'), unit('150603002001')],
  },
  { school: '150603-J01', school_name: '一中', stage: 'junior' as const, units: [unit('150603001001')] },
]

describe('the chart of zones', () => {
  it('stands by towns, each unit once, with all its schools', () => {
    const { towns, schools } = zoneChart(zones, 'primary')
    expect(towns.map((town) => [town.code, town.cells.map((cell) => cell.code)])).toEqual([
      ['150603001', ['150603001001', '150603001002']],
      ['150603002', ['150603002001']],
    ])
    expect(towns[1].cells[0].schools).toEqual(['150603-P01', '150603-P02'])
    expect(schools.map((school) => school.tint)).toEqual(TINTS.slice(0, 2))
  })

  it('keeps the stages apart', () => {
    expect(zoneChart(zones, 'junior').towns.flatMap((town) => town.cells).map((cell) => cell.schools)).toEqual([['150603-J01']])
  })
})

describe('the map of the city', () => {
  it('marks one of the nine banners', () => {
    const drawn = decodeURIComponent(bannerMap('150603'))
    expect(drawn.match(/<polygon/g)?.length).toBe(9)
    expect(drawn.match(/fill="#087a41"/g)?.length).toBe(1)
  })

  it('is left out where there is no outline', () => {
    expect(bannerMap('999999')).toBe('')
  })
})
