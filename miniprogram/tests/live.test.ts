// The watched rank: pushed snapshots in their order, polling where nothing is pushed, and phones that come back apart.
import { describe, expect, it } from 'vitest'
import type { Standing } from '@/api/exam_types'
import { age, clockText, left, offsetOf } from '@/exam/clock'
import { lineMoved } from '@/exam/line_moved'
import { LiveWatch, POLL_EVERY, SILENT_AFTER, jittered, type LineEnds } from '@/exam/live'

const standing = (version: number, rank: number): Standing => ({
  version,
  published_at: '2026-07-10T09:00:00.000+08:00',
  unit: 'A',
  rank,
  level_with: 1,
  plan: 40,
  inside: rank <= 40,
  lowest_inside: null,
  chosen_count: 50,
})

function world(answers: (Standing | null | Error)[], chance = 0.5) {
  const timers: { at: number; act: () => void; off: boolean }[] = []
  const lines: { ends: LineEnds; sent: string[]; isClosed: boolean }[] = []
  const told: [number, number | null, string][] = []
  const troubles: unknown[] = []
  let now = 0
  let reads = 0
  const watch = new LiveWatch({
    read: async () => {
      reads += 1
      const answer = answers.length > 1 ? answers.shift()! : answers[0]
      if (answer instanceof Error) throw answer
      return answer
    },
    dial: (ends) => {
      const line = { ends, sent: [] as string[], isClosed: false }
      lines.push(line)
      return { send: (text) => line.sent.push(text), close: () => (line.isClosed = true) }
    },
    later: (milliseconds, act) => {
      const timer = { at: now + milliseconds, act, off: false }
      timers.push(timer)
      return () => (timer.off = true)
    },
    chance: () => chance,
    tell: (one, by) => told.push([one.version ?? 0, one.rank, by]),
    trouble: (error) => troubles.push(error),
  })
  async function pass(milliseconds: number) {
    const end = now + milliseconds
    for (;;) {
      const next = timers.filter((timer) => !timer.off && timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      now = next.at
      next.off = true
      next.act()
      await Promise.resolve()
      await Promise.resolve()
      await Promise.resolve()
    }
    now = end
  }
  return { watch, lines, told, troubles, pass, reads: () => reads }
}

const push = (value: object) => JSON.stringify(value)

describe('a watched rank', () => {
  it('shows the first snapshot by a look and the next ones as they are pushed', async () => {
    const { watch, lines, told, pass } = world([standing(7, 31)])
    watch.start()
    await pass(0)
    lines[0].ends.opened()
    expect(lines[0].sent).toEqual(['{"since":7}'])
    lines[0].ends.heard(push({ version: 8, published_at: 'x', standing: { rank: 30 } }))
    expect(told).toEqual([
      [7, 31, 'poll'],
      [8, 30, 'push'],
    ])
  })

  it('never goes back to an older version', async () => {
    const { watch, lines, told, pass } = world([standing(7, 31)])
    watch.start()
    await pass(0)
    lines[0].ends.opened()
    lines[0].ends.heard(push({ version: 6, standing: { rank: 99 } }))
    lines[0].ends.heard('no json')
    expect(told.length).toBe(1)
  })

  it('takes the age of a newer version in which nothing of his own changed, and of no older one', async () => {
    const { watch, lines, told, pass } = world([standing(7, 31)])
    watch.start()
    await pass(0)
    lines[0].ends.opened()
    lines[0].ends.heard(push({ version: 9, confirmed_at: 'now', server_time: 'now' }))
    lines[0].ends.heard(push({ version: 8, confirmed_at: 'then', server_time: 'then' }))
    expect(told.slice(1)).toEqual([[9, 31, 'push']])
  })

  it('begins anew where the push process says so', async () => {
    const { watch, lines, told, pass } = world([standing(70, 31)])
    watch.start()
    await pass(0)
    lines[0].ends.opened()
    lines[0].ends.heard(push({ start_over: true, version: 1, standing: standing(1, 12) }))
    expect(told.at(-1)).toEqual([1, 12, 'push'])
  })

  it('asks every few seconds while nothing is pushed, and dials again with growing, spread pauses', async () => {
    const { watch, lines, pass, reads } = world([standing(1, 1)])
    watch.start()
    await pass(0)
    lines[0].ends.closed()
    await pass(1000)
    expect(lines.length).toBe(2)
    lines[1].ends.closed()
    await pass(1500)
    expect(lines.length).toBe(2)
    await pass(500)
    expect(lines.length).toBe(3)
    const before = reads()
    await pass(4 * POLL_EVERY)
    expect(reads() - before).toBeGreaterThanOrEqual(3)
    expect(reads() - before).toBeLessThanOrEqual(5)
  })

  it('asks rarely while the line speaks, and looks after a line that fell silent', async () => {
    const { watch, lines, pass, reads } = world([standing(1, 1)])
    watch.start()
    await pass(0)
    lines[0].ends.opened()
    for (let i = 0; i < 10; i++) {
      await pass(SILENT_AFTER / 3)
      lines[0].ends.heard(push({ version: 1, confirmed_at: 'now' }))
    }
    expect(reads()).toBe(1)
    await pass(SILENT_AFTER)
    expect(reads()).toBe(2)
  })

  it('is silent while nobody looks, and comes back spread over a moment', async () => {
    const { watch, lines, pass, reads } = world([standing(1, 1)], 0.9)
    watch.start()
    await pass(0)
    lines[0].ends.opened()
    watch.stop()
    expect(lines[0].isClosed).toBe(true)
    lines[0].ends.closed()
    await pass(10 * SILENT_AFTER)
    expect([reads(), lines.length]).toEqual([1, 1])
    watch.start(true)
    await pass(1000)
    expect([reads(), lines.length]).toEqual([1, 1])
    await pass(500)
    expect([reads(), lines.length]).toEqual([2, 2])
  })

  it('tells what keeps the newest from coming and goes on asking', async () => {
    const lost = new Error('lost')
    const { watch, troubles, told, pass } = world([lost, standing(3, 5)])
    watch.start()
    await pass(0)
    expect(troubles).toEqual([lost])
    await pass(POLL_EVERY)
    expect(troubles.at(-1)).toBeNull()
    expect(told).toEqual([[3, 5, 'poll']])
  })

  it('spreads pauses over half to one and a half', () => {
    expect([jittered(1000, 0), jittered(1000, 0.5), jittered(1000, 0.999)]).toEqual([500, 1000, 1499])
  })
})

describe('the service’s clock', () => {
  it('counts down by the service’s time, however wrong the phone’s is', () => {
    const phone = Date.parse('2026-07-10T03:00:00+08:00')
    const offset = offsetOf('2026-07-10T08:59:00.000+08:00', phone, phone + 200)
    const span = left('2026-07-10T09:00:00+08:00', phone + 100 + offset)
    expect(clockText(span!)).toBe('01:00')
  })

  it('shows hours only where there are some, and nothing once the instant has come', () => {
    expect(clockText({ hours: 1, minutes: 2, seconds: 3 })).toBe('1:02:03')
    expect(left('2026-07-10T09:00:00+08:00', Date.parse('2026-07-10T09:00:00+08:00'))).toBeNull()
    expect([left(null, 0), age(null, 0)]).toEqual([null, null])
  })

  it('never says that figures come from the future', () => {
    expect(age('2026-07-10T09:00:05+08:00', Date.parse('2026-07-10T09:00:00+08:00'))).toBe(0)
  })
})

describe('the line of the unit one holds', () => {
  const at = (lowest: string | null, unit: string | null = 'A') => ({ ...standing(1, 3), unit, lowest_inside: lowest })

  it('is told when it moves, from where to where, and when places fall free or are filled', () => {
    const published = standing(1, 3).published_at
    expect(lineMoved(at('590.00'), at('595.00'))).toEqual({ from: '590.00', to: '595.00', at: published })
    expect(lineMoved(at(null), at('590.00'))).toEqual({ from: null, to: '590.00', at: published })
    expect(lineMoved(at('590.00'), at(null))).toEqual({ from: '590.00', to: null, at: published })
  })

  it('is not told at the first look, where it stands still, or after one chose another unit', () => {
    expect(lineMoved(null, at('590.00'))).toBeNull()
    expect(lineMoved(at('590.00'), at('590.00'))).toBeNull()
    expect(lineMoved(at('590.00'), at('640.00', 'B'))).toBeNull()
    expect(lineMoved(at(null, null), at('640.00'))).toBeNull()
  })
})
