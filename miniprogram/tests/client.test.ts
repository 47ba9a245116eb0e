// The client: one key for one deed, however often it is sent; problems become sentences; a lost session leads to the login.
import { describe, expect, it } from 'vitest'
import { makeCall, type Ground, type Incoming, type Outgoing } from '@/api/client'
import { keyOf, newKey, settle } from '@/api/deeds'
import { ConnectionLost, LoggedOut, Problem, problemFrom } from '@/api/problem'
import { pauseBefore } from '@/api/retry'
import { sentenceOf } from '@/api/sentence'

type Answer = Incoming | 'lost'

const ok = (data: unknown): Incoming => ({ status: 200, headers: {}, data })
const refused = (status: number, body: object, headers: Record<string, string> = {}): Incoming => ({
  status,
  headers,
  data: { title: '', ...body },
})

function shelf() {
  const kept = new Map<string, unknown>()
  return { get: (name: string) => kept.get(name), set: (name: string, value: unknown) => void kept.set(name, value) }
}

function world(answers: Answer[], store = shelf()) {
  const sent: Outgoing[] = []
  const pauses: number[] = []
  let loggedOut = false
  const ground: Ground = {
    send: async (request) => {
      sent.push(request)
      const answer = answers.shift()
      if (answer === undefined) throw new Error('more requests than answers')
      if (answer === 'lost') throw new ConnectionLost()
      return answer
    },
    wait: async (milliseconds) => void pauses.push(milliseconds),
    now: () => 1_000_000,
    chance: () => 0.5,
    store,
    token: () => 'token',
    language: () => 'zh-CN',
    logOut: () => {
      loggedOut = true
    },
  }
  return { call: makeCall(ground), sent, pauses, store, wasLoggedOut: () => loggedOut }
}

const keys = (sent: Outgoing[]) => sent.map((request) => request.headers['Idempotency-Key'])

describe('a deed', () => {
  it('is sent again with the same key after a lost connection', async () => {
    const { call, sent, pauses } = world(['lost', refused(503, {}), ok({ receipt: 'R1' })])
    expect(await call('POST', '/api/applications/1/submission', { body: {} })).toEqual({ receipt: 'R1' })
    expect(new Set(keys(sent)).size).toBe(1)
    expect(pauses).toEqual([600, 1800])
  })

  it('keeps its key when the person presses again after giving up, even in a new run of the app', async () => {
    const store = shelf()
    const first = world(['lost', 'lost', 'lost', 'lost'], store)
    await expect(first.call('POST', '/api/x', { body: { a: 1 } })).rejects.toBeInstanceOf(ConnectionLost)
    const second = world([ok({})], store)
    await second.call('POST', '/api/x', { body: { a: 1 } })
    expect(keys(second.sent)[0]).toBe(keys(first.sent)[0])
  })

  it('gets a new key once it was answered, and where the body differs', async () => {
    const { call, sent } = world([ok({}), ok({}), ok({})])
    await call('POST', '/api/x', { body: { a: 1 } })
    await call('POST', '/api/x', { body: { a: 1 } })
    await call('POST', '/api/x', { body: { a: 2 } })
    expect(new Set(keys(sent)).size).toBe(3)
  })

  it('is not sent again where the exam office has stopped choosing: that is an answer, and the next press is a new deed', async () => {
    const { call, sent, pauses } = world([refused(503, { code: 'choosing-paused' }), ok({})])
    await expect(call('PUT', '/api/exam/choices/general', { body: { unit: 'X' } })).rejects.toMatchObject({ code: 'choosing-paused' })
    await call('PUT', '/api/exam/choices/general', { body: { unit: 'X' } })
    expect(pauses).toEqual([])
    expect(new Set(keys(sent)).size).toBe(2)
  })

  it('keeps its key after a fault of the server: nobody knows what was done', async () => {
    const { call, sent } = world([refused(500, { code: 'fault' }), ok({})])
    await expect(call('POST', '/api/x', { body: {} })).rejects.toBeInstanceOf(Problem)
    await call('POST', '/api/x', { body: {} })
    expect(keys(sent)[1]).toBe(keys(sent)[0])
  })

  it('is not repeated by itself where that costs an SMS', async () => {
    const { call, sent } = world(['lost'])
    await expect(call('POST', '/api/login/code', { body: {}, repeat: false })).rejects.toBeInstanceOf(ConnectionLost)
    expect(sent).toHaveLength(1)
  })

  it('is not repeated where the backend refuses it', async () => {
    const { call, sent } = world([refused(409, { code: 'window-closed', detail: '报名已经结束。' })])
    await expect(call('POST', '/api/x', { body: {} })).rejects.toMatchObject({ code: 'window-closed' })
    expect(sent).toHaveLength(1)
  })

  it('waits for the same request that is still under way', async () => {
    const { call, sent } = world([refused(409, { code: 'request-in-progress' }), ok({ receipt: 'R1' })])
    expect(await call('POST', '/api/x', { body: {} })).toEqual({ receipt: 'R1' })
    expect(new Set(keys(sent)).size).toBe(1)
  })
})

describe('reading', () => {
  it('carries no key', async () => {
    const { call, sent } = world([ok({ items: [] })])
    await call('GET', '/api/banners')
    expect(sent[0].headers).not.toHaveProperty('Idempotency-Key')
  })

  it('leads to the login when the session is over', async () => {
    const { call, wasLoggedOut } = world([refused(401, { code: 'session-over' })])
    await expect(call('GET', '/api/children')).rejects.toBeInstanceOf(LoggedOut)
    expect(wasLoggedOut()).toBe(true)
  })
})

describe('a pause', () => {
  it('follows what the server asked for, and gives up where that is long', () => {
    expect(pauseBefore(1, problemFrom(429, {}, { 'retry-after': '3' }), 0)).toBe(3000)
    expect(pauseBefore(1, problemFrom(429, {}, { 'retry-after': '600' }), 0)).toBeNull()
    expect(pauseBefore(1, problemFrom(429, {}), 0)).toBeNull()
  })

  it('spreads phones that failed at the same moment', () => {
    expect(pauseBefore(2, new ConnectionLost(), 0)).toBe(1260)
    expect(pauseBefore(2, new ConnectionLost(), 0.999)).toBeGreaterThan(2300)
    expect(pauseBefore(4, new ConnectionLost(), 0)).toBeNull()
  })
})

describe('keys', () => {
  it('are random UUIDs', () => {
    expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(newKey()).not.toBe(newKey())
  })

  it('are forgotten when settled and after two days', () => {
    const store = shelf()
    const key = keyOf(store, 'POST /a', 0)
    expect(keyOf(store, 'POST /a', 1000)).toBe(key)
    expect(keyOf(store, 'POST /a', 49 * 3600 * 1000)).not.toBe(key)
    settle(store, 'POST /a', 49 * 3600 * 1000)
    expect(store.get('deeds')).toEqual({})
  })
})

describe('a problem', () => {
  it('is told in the words of the backend, with the faults of the fields below', () => {
    const body = { code: 'invalid', detail: '内容有误。', errors: [{ pointer: '/name', code: 'x', detail: '请填姓名。' }] }
    expect(sentenceOf(problemFrom(422, body))).toBe('内容有误。\n请填姓名。')
  })

  it('is told in our words where a proxy answers with a page', () => {
    expect(sentenceOf(problemFrom(502, '<html>Bad Gateway</html>'))).toContain('现在人太多')
    expect(sentenceOf(new ConnectionLost())).toContain('网络断开了')
    expect(sentenceOf(new TypeError('x is undefined'))).not.toContain('undefined')
  })
})
