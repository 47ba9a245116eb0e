// The zones of a banner's schools as a map: every place has the tint of the unit it is nearest to, inside the real outline.
import type { MapPlaces } from '@/api/public_types'
import outlines from './outlines.json'
import type { ZoneChart } from './zone_chart'

type Place = [number, number]

const WIDTH = 340
const NEAR_HEIGHT = 300
const NEIGHBOURS = 8
const MARGIN = 0.04
const LEAST_DEGREES = 0.004
const PAPER = '#f4f5f4'
const INK = '#1a1a1a'
const RINGS = outlines as Record<string, { ring: number[][] }>

export interface MapCell {
  code: string
  tint: string
  at: Place
}

interface Frame {
  west: number
  north: number
  scale: number
  shrink: number
  height: number
}

/** How many degrees of latitude a degree of longitude is worth here. */
function shrinkAt(latitude: number): number {
  return Math.cos((latitude * Math.PI) / 180)
}

function framed(points: Place[], height?: number): Frame {
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)]
  const [south, north] = [Math.min(...lats), Math.max(...lats)]
  const [west, east] = [Math.min(...lons), Math.max(...lons)]
  const shrink = shrinkAt((south + north) / 2)
  const [wide, high] = [Math.max((east - west) * shrink, LEAST_DEGREES), Math.max(north - south, LEAST_DEGREES)]
  const room = 1 + 2 * MARGIN
  const scale = height ? Math.min(WIDTH / (wide * room), height / (high * room)) : WIDTH / (wide * room)
  const tall = height ?? Math.ceil(high * room * scale)
  return {
    west: (west + east) / 2 - WIDTH / 2 / (scale * shrink),
    north: (south + north) / 2 + tall / 2 / scale,
    scale,
    shrink,
    height: tall,
  }
}

function drawnAt(frame: Frame, [lon, lat]: Place): Place {
  return [(lon - frame.west) * frame.shrink * frame.scale, (frame.north - lat) * frame.scale]
}

/** The part of a polygon that is nearer to `own` than to `other` (Sutherland-Hodgman on their bisector). */
function nearer(polygon: Place[], own: Place, other: Place): Place[] {
  const [dx, dy] = [other[0] - own[0], other[1] - own[1]]
  const limit = (dx * (own[0] + other[0]) + dy * (own[1] + other[1])) / 2
  const beyond = ([x, y]: Place) => x * dx + y * dy - limit
  const kept: Place[] = []
  polygon.forEach((end, i) => {
    const start = polygon[(i + polygon.length - 1) % polygon.length]
    const [from, to] = [beyond(start), beyond(end)]
    if (from * to < 0) {
      const share = from / (from - to)
      kept.push([start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])])
    }
    if (to <= 0) kept.push(end)
  })
  return kept
}

/** For every point the polygon of the places inside the window that are nearer to it than to any other point. */
export function cellsAround(points: Place[], width: number, height: number): Place[][] {
  return points.map((own) => {
    let polygon: Place[] = [[0, 0], [width, 0], [width, height], [0, height]]
    for (const other of points) {
      if (other[0] !== own[0] || other[1] !== own[1]) polygon = nearer(polygon, own, other)
    }
    return polygon
  })
}

/** The own unit, its nearest neighbours and its schools: what the map shows of a banner when it is looked at closely. */
function around(own: Place, cells: MapCell[], schools: Place[]): Place[] {
  const shrink = shrinkAt(own[1])
  const apart = (at: Place) => Math.hypot((at[0] - own[0]) * shrink, at[1] - own[1])
  const near = cells.map((cell) => cell.at).sort((a, b) => apart(a) - apart(b)).slice(0, NEIGHBOURS + 1)
  return [...near, ...schools]
}

function path(places: Place[]): string {
  return places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
}

/** The units of the chart whose position is known. */
export function placedCells(chart: ZoneChart, places: MapPlaces): MapCell[] {
  const at = new Map(places.units.map((unit) => [unit.code, unit.at]))
  return chart.towns
    .flatMap((town) => town.cells)
    .flatMap((cell) => (at.has(cell.code) ? [{ code: cell.code, tint: cell.tint, at: at.get(cell.code) as Place }] : []))
}

/**
 * The map as an SVG picture in a data address; '' where the positions of fewer than two units are known.
 * `own` is the unit to mark, with `near` the map shows what lies around it. Schools carry their number in the chart.
 */
export function zoneMap(chart: ZoneChart, places: MapPlaces, own = '', near = false): string {
  const cells = placedCells(chart, places)
  if (cells.length < 2) return ''
  const schools = chart.schools.flatMap((school, i) => {
    const found = places.schools.find((one) => one.code === school.code)
    return found ? [{ code: school.code, number: i + 1, at: found.at }] : []
  })
  const home = cells.find((cell) => cell.code === own)
  const mine = chart.towns.flatMap((town) => town.cells).find((cell) => cell.code === own)?.schools ?? []
  const ring = (RINGS[places.banner]?.ring ?? []) as Place[]
  const frame =
    near && home
      ? framed(around(home.at, cells, schools.filter((one) => mine.includes(one.code)).map((one) => one.at)), NEAR_HEIGHT)
      : framed([...ring, ...cells.map((cell) => cell.at)])
  const inside = ring.length ? ' clip-path="url(#b)"' : ''
  const edge = path(ring.map((corner) => drawnAt(frame, corner)))
  const drawn = cellsAround(cells.map((cell) => drawnAt(frame, cell.at)), WIDTH, frame.height)
  const tinted = cells.map((cell, i) => `<polygon points="${path(drawn[i])}" fill="${cell.tint}" stroke="#fff" stroke-width=".7"/>`)
  const marked = home ? `<polygon points="${path(drawn[cells.indexOf(home)])}" fill="none" stroke="${INK}" stroke-width="3"/>` : ''
  const [hx, hy] = home ? drawnAt(frame, home.at).map((value) => value.toFixed(1)) : ['', '']
  const dot = home ? `<circle cx="${hx}" cy="${hy}" r="5" fill="#fff" stroke="${INK}" stroke-width="2"/>` : ''
  const points = schools.map((school) => {
    const [x, y] = drawnAt(frame, school.at)
    const fill = mine.includes(school.code) ? '#087a41' : INK
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="9" fill="${fill}" stroke="#fff"/><text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}" font-size="11" font-family="sans-serif" text-anchor="middle" fill="#fff">${school.number}</text>`
  })
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${frame.height}">` +
    (ring.length ? `<clipPath id="b"><polygon points="${edge}"/></clipPath>` : '') +
    `<rect width="${WIDTH}" height="${frame.height}" fill="${PAPER}"/><g${inside}>${tinted.join('')}${marked}</g>` +
    (ring.length ? `<polygon points="${edge}" fill="none" stroke="${INK}" stroke-width="1.2"/>` : '') +
    `${dot}${points.join('')}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
