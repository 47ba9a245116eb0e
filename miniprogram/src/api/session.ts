// Who is logged in on this phone.
import { reactive } from 'vue'
import { keep } from '@/screen/language'
import type { Login } from './types'

const SHELF = 'session'

interface Session {
  token: string
  guardianId: string
  hasPhone: boolean
}

function restored(): Session {
  const kept: unknown = uni.getStorageSync(SHELF)
  const empty = { token: '', guardianId: '', hasPhone: false }
  return kept !== null && typeof kept === 'object' ? { ...empty, ...(kept as Partial<Session>) } : empty
}

export const session = reactive<Session>(restored())

/** Keep the login; it lasts until logging out or until the backend says it is over. */
export function begin(login: Login): void {
  session.token = login.token
  session.guardianId = login.guardian.id
  session.hasPhone = login.guardian.has_phone
  uni.setStorageSync(SHELF, { ...session })
}

/** Forget the login and everything this person left on the phone. */
export function end(): void {
  session.token = ''
  session.guardianId = ''
  session.hasPhone = false
  uni.clearStorageSync()
  keep()
}
