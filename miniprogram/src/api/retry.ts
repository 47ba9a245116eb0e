// When a request is sent once more, and after how long. Safe because a repeated request carries the same key.
import { ConnectionLost, Problem } from './problem'

/** Pauses before the second, third and fourth attempt, in milliseconds. */
export const PAUSES = [600, 1800, 4500]
const LONGEST_PAUSE = 15000
const PASSING = new Set([425, 502, 503, 504])
/** Said with a 503 and yet an answer: the exam office has stopped choosing, or the band has closed meanwhile. */
export const ANSWERS = new Set(['choosing-paused', 'closed-before-kept'])

/** True where the same request may succeed in a moment. A 500 is a fault of ours: repeating it only hides it. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true
  if (!(error instanceof Problem)) return false
  if (ANSWERS.has(error.code)) return false
  if (error.status === 409) return error.code === 'request-in-progress'
  return PASSING.has(error.status) || (error.status === 429 && error.retryAfter !== null)
}

/**
 * Milliseconds to wait before attempt number `attempt` + 1 (the first attempt is 1), or null where it is time to tell
 * the person. `chance` in [0, 1) spreads phones that failed at the same moment over ±30 %.
 */
export function pauseBefore(attempt: number, error: unknown, chance: number): number | null {
  const pause = PAUSES[attempt - 1]
  if (pause === undefined || !isPassing(error)) return null
  if (error instanceof Problem && error.retryAfter !== null) {
    const asked = error.retryAfter * 1000
    return asked <= LONGEST_PAUSE ? asked + Math.round(chance * 500) : null
  }
  return Math.round(pause * (0.7 + 0.6 * chance))
}
