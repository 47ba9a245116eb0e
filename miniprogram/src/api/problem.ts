// What can go wrong between the phone and the backend, as values that carry a sentence for people.

/** A field of the body that was refused: where it stands (JSON pointer) and why. */
export interface FieldFault {
  pointer: string
  code: string
  detail: string
}

/** The backend's answer to a request it refuses (application/problem+json). `detail` is a sentence for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly requestId: string,
    readonly faults: FieldFault[],
    readonly retryAfter: number | null,
    readonly body: Record<string, unknown>,
  ) {
    super(detail)
    this.name = 'Problem'
  }
}

/** No answer came: the network is away, or it took too long. Nothing is known about what the backend did. */
export class ConnectionLost extends Error {
  constructor() {
    super('connection-lost')
    this.name = 'ConnectionLost'
  }
}

/** Who a session belongs to: a family, or a candidate of the senior-high exam. Each has a login of its own. */
export type Door = 'family' | 'exam'

/** The session is over; the page must lead to the login of this door. */
export class LoggedOut extends Error {
  constructor(readonly door: Door = 'family') {
    super('logged-out')
    this.name = 'LoggedOut'
  }
}

function record(data: unknown): Record<string, unknown> {
  if (typeof data === 'string') {
    try {
      return record(JSON.parse(data))
    } catch {
      return {}
    }
  }
  return data !== null && typeof data === 'object' && !Array.isArray(data) ? (data as Record<string, unknown>) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function seconds(value: string | undefined): number | null {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null
}

/** The problem told by a refused answer. A body that is no problem (a proxy's page, say) leaves code and detail empty. */
export function problemFrom(status: number, data: unknown, headers: Record<string, string> = {}): Problem {
  const body = record(data)
  const faults = Array.isArray(body.errors) ? body.errors.map(record) : []
  return new Problem(
    status,
    text(body.code),
    text(body.detail),
    text(body.request_id),
    faults.map((fault) => ({ pointer: text(fault.pointer), code: text(fault.code), detail: text(fault.detail) })),
    seconds(headers['retry-after']),
    body,
  )
}
