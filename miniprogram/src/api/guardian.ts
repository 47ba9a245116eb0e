// What a guardian does for the family: login, children, claims, helpers, messages, own data.
import { call } from './ground'
import { begin, end, session } from './session'
import type { Child, Claim, Helper, Items, Login, Message } from './types'

export async function sendCode(phone: string): Promise<void> {
  await call('POST', '/api/login/code', { body: { phone }, repeat: false })
}

export async function loginByPhone(phone: string, code: string): Promise<void> {
  begin(await call<Login>('POST', '/api/login/phone', { body: { phone, code }, repeat: false }))
}

export async function loginByWechat(code: string): Promise<void> {
  begin(await call<Login>('POST', '/api/login/wechat', { body: { code }, repeat: false }))
}

/** Logs in with the ticket of the public-service app (蒙速办) that opened this page. */
export async function loginByPortal(ticket: string): Promise<void> {
  begin(await call<Login>('POST', '/api/login/portal', { body: { ticket }, repeat: false }))
}

/** Leave this phone. The phone forgets everything even where the backend cannot be reached. */
export async function logOut(): Promise<void> {
  try {
    if (session.token) await call('DELETE', '/api/session', { repeat: false })
  } finally {
    end()
  }
}

export async function changePhone(phone: string, code: string): Promise<void> {
  await call('PUT', '/api/me/phone', { body: { phone, code } })
  session.hasPhone = true
}

export async function children(): Promise<Child[]> {
  return (await call<Items<Child>>('GET', '/api/children')).items
}

export function registerChild(child: Record<string, unknown>): Promise<Child> {
  return call('POST', '/api/children', { body: child })
}

/** Corrects what was written wrong about the child; the answer is the child as it stands now. */
export function correctChild(child: string, changes: { name?: string; ethnicity?: string }): Promise<Child> {
  return call('PUT', `/api/children/${encodeURIComponent(child)}/particulars`, { body: changes })
}

/** Withdraws the consents for the child: its data become unreadable. */
export async function forgetChild(child: string): Promise<void> {
  await call('POST', `/api/children/${encodeURIComponent(child)}/forgetting`, { body: {} })
}

export async function closeAccount(): Promise<void> {
  await call('DELETE', '/api/me')
}

/** The language in which messages are sent to this guardian. */
export async function sayLanguage(language: string): Promise<void> {
  await call('PUT', '/api/me/language', { body: { language } })
}

export async function claims(): Promise<Claim[]> {
  return (await call<Items<Claim>>('GET', '/api/claims')).items
}

export function fileClaim(claim: Record<string, unknown>): Promise<Claim> {
  return call('POST', '/api/claims', { body: claim })
}

export function answerClaim(id: string, accept: boolean): Promise<Claim> {
  return call('POST', `/api/claims/${id}/answer`, { body: { accept } })
}

/** `sha256` is the digest of the text that was shown before. */
export function addHelper(child: string, phone: string, days: number, sha256?: string): Promise<Helper> {
  return call('POST', `/api/children/${child}/helpers`, { body: { phone, days, ...(sha256 ? { sha256 } : {}) } })
}

export async function dropHelper(child: string, helper: string): Promise<void> {
  await call('DELETE', `/api/children/${child}/helpers/${helper}`)
}

export async function messages(): Promise<Message[]> {
  return (await call<Items<Message>>('GET', '/api/me/messages')).items
}

export function everythingHeld(): Promise<Record<string, unknown>> {
  return call('GET', '/api/me/export')
}
