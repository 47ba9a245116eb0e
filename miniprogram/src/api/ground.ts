// The client's ground on a real phone: uni.request, uni.uploadFile, the small storage, the clock.
import { spoken } from '@/sentences'
import { makeCall, makeLook, type Ground, type Incoming, type Outgoing } from './client'
import { candidate, endExam } from './exam_session'
import { ConnectionLost, type Door } from './problem'
import { ORIGIN } from './origin'
import { fileOf } from './pictures'
import { session } from './session'

const PATIENCE = 20000
const UPLOAD_PATIENCE = 60000

function lowered(headers: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]))
}

function sendJson(request: Outgoing): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: ORIGIN + request.path,
      method: request.method,
      header: { ...request.headers, ...(request.body ? { 'Content-Type': 'application/json' } : {}) },
      data: request.body,
      timeout: PATIENCE,
      success: (answer) =>
        resolve({
          status: answer.statusCode,
          headers: lowered(answer.header as Record<string, string>),
          data: answer.data,
        }),
      fail: () => reject(new ConnectionLost()),
    })
  })
}

function sendPicture(request: Outgoing & { picture: string }): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    uni.uploadFile({
      url: ORIGIN + request.path,
      filePath: request.picture,
      file: fileOf(request.picture),
      name: 'picture',
      formData: request.body,
      header: request.headers,
      timeout: UPLOAD_PATIENCE,
      success: (answer) => {
        let data: unknown = answer.data
        try {
          data = JSON.parse(answer.data)
        } catch {
          data = {}
        }
        const told = (answer as { header?: Record<string, string> }).header
        resolve({ status: answer.statusCode, headers: lowered(told), data })
      },
      fail: () => reject(new ConnectionLost()),
    })
  })
}

/** The phone as a ground for whoever this token belongs to. */
function ground(door: Door, token: () => string, logOut: () => void): Ground {
  return {
    send: (request) => (request.picture ? sendPicture({ ...request, picture: request.picture }) : sendJson(request)),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    now: () => Date.now(),
    chance: () => Math.random(),
    store: { get: (name) => uni.getStorageSync(name), set: (name, value) => uni.setStorageSync(name, value) },
    token,
    language: spoken,
    logOut,
    door,
  }
}

const families = ground(
  'family',
  () => session.token,
  () => {
    session.token = ''
    uni.removeStorageSync('session')
  },
)
const candidates = ground('exam', () => candidate.token, endExam)

export const call = makeCall(families)
export const callExam = makeCall(candidates)
export const lookExam = makeLook(candidates)
