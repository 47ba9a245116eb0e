// A rank that is watched: numbered snapshots by WebSocket, else by polling with an entity tag. Pure but for its ground.
import type { Standing } from '@/api/exam_types'

/** An open line to the push process, as this watch needs it. */
export interface Line {
  send(text: string): void
  close(): void
}

export interface LineEnds {
  opened(): void
  heard(text: string): void
  closed(): void
}

/** What the watch stands on: the phone in production, a fake in tests. `read` gives null where nothing is newer. */
export interface LiveGround {
  read(): Promise<Standing | null>
  dial(ends: LineEnds): Line
  later(milliseconds: number, act: () => void): () => void
  chance(): number
  tell(standing: Standing, by: 'push' | 'poll'): void
  /** What keeps the newest snapshot from coming, or null when one has come. */
  trouble(error: unknown): void
}

/** Between two polls, in milliseconds, while nothing is pushed. */
export const POLL_EVERY = 5000
/** A line that says nothing for so long is looked after by a poll. */
export const SILENT_AFTER = 45_000
const FIRST_REDIAL = 1000
const LONGEST_REDIAL = 60_000
/** So that phones that all come back at one moment do not ask at one moment. */
const SPREAD = 1500

interface Pushed {
  version?: number
  published_at?: string
  confirmed_at?: string
  server_time?: string
  standing?: Partial<Standing> | null
  start_over?: boolean
}

/** Spread over ±50 %. */
export function jittered(milliseconds: number, chance: number): number {
  return Math.round(milliseconds * (0.5 + chance))
}

function parsed(text: string): Pushed | null {
  try {
    const told: unknown = JSON.parse(text)
    return told !== null && typeof told === 'object' ? (told as Pushed) : null
  } catch {
    return null
  }
}

export class LiveWatch {
  private current: Standing | null = null
  private line: Line | null = null
  private isOpen = false
  private runs = false
  private failures = 0
  private round = 0
  private endPoll = () => {}
  private endRedial = () => {}

  constructor(private readonly ground: LiveGround) {}

  get version(): number {
    return this.current?.version ?? 0
  }

  /** Watch from now on; `again` after a pause, then the first look is spread over a moment. */
  start(again = false): void {
    if (this.runs) return
    this.runs = true
    this.round += 1
    this.pollIn(again ? this.ground.chance() * SPREAD : 0)
    this.endRedial = this.ground.later(again ? this.ground.chance() * SPREAD : 0, () => this.dial())
  }

  /** Stop: nothing is asked and nothing is heard until `start`. */
  stop(): void {
    this.runs = false
    this.endPoll()
    this.endRedial()
    this.isOpen = false
    this.line?.close()
    this.line = null
  }

  /** A snapshot that came by another way (the answer to a choice). Older ones are left aside. */
  take(standing: Standing, by: 'push' | 'poll'): void {
    if ((standing.version ?? 0) < this.version) return
    this.current = { ...this.current, ...standing }
    this.ground.tell(this.current, by)
  }

  private pollIn(milliseconds: number): void {
    this.endPoll()
    this.endPoll = this.ground.later(milliseconds, () => void this.poll())
  }

  private async poll(): Promise<void> {
    const mine = this.round
    try {
      const found = await this.ground.read()
      if (mine !== this.round || !this.runs) return
      if (found) this.take(found, 'poll')
      this.ground.trouble(null)
    } catch (error) {
      if (mine !== this.round || !this.runs) return
      this.ground.trouble(error)
    }
    this.pollIn(this.isOpen ? SILENT_AFTER : jittered(POLL_EVERY, this.ground.chance()))
  }

  private dial(): void {
    if (!this.runs || this.line) return
    const mine = this.round
    const isMine = () => mine === this.round && this.runs
    this.line = this.ground.dial({
      opened: () => isMine() && this.opened(),
      heard: (text) => isMine() && this.heard(text),
      closed: () => isMine() && this.closed(),
    })
  }

  private opened(): void {
    this.isOpen = true
    this.failures = 0
    this.line?.send(JSON.stringify({ since: this.version }))
    this.pollIn(SILENT_AFTER)
  }

  private heard(text: string): void {
    const told = parsed(text)
    if (!told) return
    this.pollIn(SILENT_AFTER)
    if (told.start_over) this.current = null
    if (!told.standing) {
      if (told.start_over) this.pollIn(0)
      else this.confirm(told)
      return
    }
    const version = told.version ?? told.standing.version ?? 0
    if (version < this.version) return
    const whole = { ...this.current, ...told.standing, version } as Standing
    this.take({ ...whole, published_at: told.published_at ?? whole.published_at }, 'push')
    this.ground.trouble(null)
  }

  /** Nothing has changed for him; in a newer version others have moved elsewhere. */
  private confirm(told: Pushed): void {
    if (!this.current || (told.version ?? 0) < this.version || !told.confirmed_at) return
    const { version, confirmed_at, server_time } = told
    this.current = { ...this.current, version: version ?? null, confirmed_at, server_time }
    this.ground.tell(this.current, 'push')
  }

  private closed(): void {
    this.line = null
    this.isOpen = false
    const pause = Math.min(LONGEST_REDIAL, FIRST_REDIAL * 2 ** Math.min(this.failures, 10))
    this.failures += 1
    this.pollIn(jittered(POLL_EVERY / 5, this.ground.chance()))
    this.endRedial()
    this.endRedial = this.ground.later(jittered(pause, this.ground.chance()), () => this.dial())
  }
}
