// The service's clock on this phone: a phone whose own clock is wrong still counts down to the right second.

/** What must be added to the phone's clock to have the service's; `asked` and `answered` are the phone's own times. */
export function offsetOf(serverTime: string, asked: number, answered: number): number {
  const there = Date.parse(serverTime)
  return Number.isNaN(there) ? 0 : there - (asked + answered) / 2
}

export interface Left {
  hours: number
  minutes: number
  seconds: number
}

/** What is left until the instant `until`, whole seconds, rounded up; null once it has come or where there is none. */
export function left(until: string | null | undefined, now: number): Left | null {
  const end = Date.parse(until ?? '')
  if (Number.isNaN(end) || end <= now) return null
  const seconds = Math.ceil((end - now) / 1000)
  return { hours: Math.floor(seconds / 3600), minutes: Math.floor(seconds / 60) % 60, seconds: seconds % 60 }
}

/** "1:02:03", or "02:03" under an hour. */
export function clockText(span: Left): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const short = `${two(span.minutes)}:${two(span.seconds)}`
  return span.hours ? `${span.hours}:${short}` : short
}

/** How many seconds ago, never negative; null where the instant is unknown. */
export function age(at: string | null | undefined, now: number): number | null {
  const then = Date.parse(at ?? '')
  return Number.isNaN(then) ? null : Math.max(0, Math.floor((now - then) / 1000))
}
