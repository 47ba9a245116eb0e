// What a candidate of the senior-high exam does: log in, read, choose, let the list move, report in.
import { callExam, lookExam } from './ground'
import type { Looked } from './client'
import { Problem } from './problem'
import { beginExam, device, endExam } from './exam_session'
import type { Admission, Choice, Me, OwnLines, Recheck, SeniorUnit, Standing } from './exam_types'
import type { Items } from './types'

export async function sendExamCode(number: string): Promise<string> {
  const body = { exam_number: number }
  return (await callExam<{ phone_masked: string }>('POST', '/api/exam/login/code', { body, repeat: false })).phone_masked
}

/** Logs in; true where this phone was not used before, so that the person is told. */
export async function logInToExam(number: string, code: string): Promise<boolean> {
  type Begun = { token: string; candidate: { name: string }; new_device: boolean }
  const body = { exam_number: number, code, device: device() }
  const begun = await callExam<Begun>('POST', '/api/exam/login', { body, repeat: false })
  beginExam({ token: begun.token, name: begun.candidate.name, number })
  return begun.new_device
}

export async function logOutOfExam(): Promise<void> {
  try {
    await callExam('DELETE', '/api/exam/session', { repeat: false })
  } finally {
    endExam()
  }
}

export function examMe(): Promise<Me> {
  return callExam('GET', '/api/exam/me')
}

export async function seniorUnits(category: string): Promise<SeniorUnit[]> {
  return (await callExam<Items<SeniorUnit>>('GET', `/api/exam/units?category=${encodeURIComponent(category)}`)).items
}

/** `code` is the SMS code that the year's rules may ask for. */
export function chooseUnit(category: string, unit: string, code = ''): Promise<Choice> {
  const body = { unit, ...(code ? { code } : {}) }
  return callExam('PUT', `/api/exam/choices/${encodeURIComponent(category)}`, { body })
}

/** Sends the code that a change on a new phone needs once more; the phone it goes to, masked. */
export async function sendChangeCode(): Promise<string> {
  return (await callExam<{ phone_masked: string }>('POST', '/api/exam/change-code', { repeat: false })).phone_masked
}

const withCode = (code: string) => (code ? `?code=${encodeURIComponent(code)}` : '')

export async function dropChoice(category: string, code = ''): Promise<void> {
  await callExam('DELETE', `/api/exam/choices/${encodeURIComponent(category)}${withCode(code)}`)
}

export function standing(etag: string): Promise<Looked<Standing>> {
  return lookExam<Standing>('/api/exam/standing', etag)
}

/** Where live ranks are pushed to phones. */
export async function pushAddress(): Promise<string> {
  return (await callExam<{ socket: string }>('GET', '/api/exam/push')).socket
}

export function whatIf(unit: string): Promise<Standing> {
  return callExam('GET', `/api/exam/what-if/${encodeURIComponent(unit)}`)
}

export interface RankThen {
  version: number
  at: string
  unit: string | null
  unit_name?: string | null
  /** Null while no unit was chosen; such rows are left out. */
  rank: number | null
}

/** Oldest first; empty before there are ranks. */
/** null where there are no live ranks now. */
export async function rankHistory(): Promise<RankThen[] | null> {
  try {
    const items = (await callExam<Items<RankThen>>('GET', '/api/exam/history', { repeat: false })).items
    return items.filter((row) => row.rank !== null)
  } catch (failure) {
    if (failure instanceof Problem && failure.code === 'ranks-not-ready') return null
    throw failure
  }
}

export interface Change {
  at: string
  /** A code of `exam-change`. */
  what: string
  /** A code of `exam-refused`, or null where it took effect. */
  refused: string | null
  unit: string | null
  unit_name?: string | null
  device: string | null
  receipt?: string | null
}

/** Newest first. */
export async function choiceDiary(): Promise<Change[]> {
  return (await callExam<Items<Change>>('GET', '/api/exam/diary')).items
}

export async function keepStandingOrder(units: string[], category: string, code = ''): Promise<void> {
  const body = { units, ...(category ? { category } : {}), ...(code ? { code } : {}) }
  if (units.length) await callExam('PUT', '/api/exam/standing-order', { body })
  else await callExam('DELETE', `/api/exam/standing-order${withCode(code)}`)
}

/** What he asked to have looked at again, oldest first. */
export async function rechecks(): Promise<Recheck[]> {
  return (await callExam<Items<Recheck>>('GET', '/api/exam/rechecks')).items
}

export async function askRecheck(subject: string): Promise<void> {
  await callExam('POST', `/api/exam/rechecks/${encodeURIComponent(subject)}`, { body: {} })
}

export function admission(): Promise<Admission> {
  return callExam('GET', '/api/exam/admission')
}

export function ownLines(): Promise<OwnLines> {
  return callExam('GET', '/api/exam/lines')
}

export async function reportIn(): Promise<void> {
  await callExam('POST', '/api/exam/report-in', { body: {} })
}

/** 一分一段表, the best score first: how many have it (`at`), and how many have it or more. */
export async function oneFen(year: number): Promise<{ score: string; at: number; cumulative: number }[]> {
  type Row = { score: string; at: number; cumulative: number }
  return (await callExam<{ rows: Row[] }>('GET', `/api/zhongkao/${year}/one-fen`)).rows
}
