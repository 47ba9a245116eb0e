// The one way to the backend: token, idempotency key, repeated attempts, problems as values.
import { keyOf, settle, type Store } from './deeds'
import { ConnectionLost, LoggedOut, Problem, problemFrom, type Door } from './problem'
import { ANSWERS, pauseBefore } from './retry'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** One request as it goes over the wire; `picture` makes it a multipart form with the fields of `body`. */
export interface Outgoing {
  method: Method
  path: string
  headers: Record<string, string>
  body?: Record<string, unknown>
  picture?: string
}

/** One answer; header names are in lower case. */
export interface Incoming {
  status: number
  headers: Record<string, string>
  data: unknown
}

/** What the client stands on: the phone in production, a fake in tests. `send` raises ConnectionLost. */
export interface Ground {
  send(request: Outgoing): Promise<Incoming>
  wait(milliseconds: number): Promise<void>
  now(): number
  chance(): number
  store: Store
  token(): string
  /** The tag of the language that sentences are wanted in. */
  language(): string
  logOut(): void
  door?: Door
}

export interface CallOptions {
  body?: Record<string, unknown>
  picture?: string
  /** False for requests that must not be repeated by themselves (a login code costs an SMS). */
  repeat?: boolean
}

export type Call = <T>(method: Method, path: string, options?: CallOptions) => Promise<T>

function headersOf(ground: Ground): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': ground.language() }
  if (ground.token()) headers.Authorization = `Bearer ${ground.token()}`
  return headers
}

/** What a conditional look brought: the newest value with its tag and size, or that nothing is newer (`value` is null). */
export interface Looked<T> {
  value: T | null
  etag: string
}

export type Look = <T>(path: string, etag: string) => Promise<Looked<T>>

/** A `look` on this ground: one GET with If-None-Match, without repetitions. Raises as `call` does. */
export function makeLook(ground: Ground): Look {
  return async <T>(path: string, etag: string): Promise<Looked<T>> => {
    const headers = headersOf(ground)
    if (etag) headers['If-None-Match'] = etag
    const answer = await ground.send({ method: 'GET', path, headers })
    if (answer.status === 304) return { value: null, etag }
    if (answer.status >= 200 && answer.status < 300) return { value: answer.data as T, etag: answer.headers.etag ?? '' }
    if (answer.status === 401 && headers.Authorization) {
      ground.logOut()
      throw new LoggedOut(ground.door)
    }
    throw problemFrom(answer.status, answer.data, answer.headers)
  }
}

async function once(ground: Ground, request: Outgoing): Promise<unknown> {
  const answer = await ground.send(request)
  if (answer.status >= 200 && answer.status < 300) return answer.data
  const problem = problemFrom(answer.status, answer.data, answer.headers)
  if (problem.status === 401 && request.headers.Authorization) {
    ground.logOut()
    throw new LoggedOut(ground.door)
  }
  throw problem
}

function isSettled(error: unknown): boolean {
  if (error instanceof ConnectionLost || error instanceof LoggedOut) return false
  if (error instanceof Problem && ANSWERS.has(error.code)) return true
  return error instanceof Problem && error.status < 500 && error.status !== 425 && error.code !== 'request-in-progress'
}

/** A `call` that stands on this ground. It raises Problem, ConnectionLost or LoggedOut. */
export function makeCall(ground: Ground): Call {
  return async <T>(method: Method, path: string, options: CallOptions = {}): Promise<T> => {
    const changes = method !== 'GET'
    const deed = `${method} ${path} ${options.picture ?? ''} ${JSON.stringify(options.body ?? null)}`
    const headers = headersOf(ground)
    if (changes) headers['Idempotency-Key'] = keyOf(ground.store, deed, ground.now())
    const request: Outgoing = { method, path, headers, body: options.body, picture: options.picture }
    for (let attempt = 1; ; attempt++) {
      try {
        const data = await once(ground, request)
        if (changes) settle(ground.store, deed, ground.now())
        return data as T
      } catch (error) {
        if (changes && isSettled(error)) settle(ground.store, deed, ground.now())
        const pause = options.repeat === false ? null : pauseBefore(attempt, error, ground.chance())
        if (pause === null) throw error
        await ground.wait(pause)
      }
    }
  }
}
