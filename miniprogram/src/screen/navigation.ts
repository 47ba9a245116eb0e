// Ways between pages: paths with parameters, the login in between, the way back.
import { candidate } from '@/api/exam_session'
import { session } from '@/api/session'

export type Params = Record<string, string | undefined>

export function path(page: string, params: Params = {}): string {
  const parts = Object.entries(params).filter(([, value]) => value)
  return parts.length ? `${page}?${parts.map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join('&')}` : page
}

/** The longest way back a mini-program keeps is ten pages; beyond it the page is replaced. */
export function go(page: string, params: Params = {}): void {
  const url = path(page, params)
  uni.navigateTo({ url, fail: () => uni.redirectTo({ url }) })
}

export function replace(page: string, params: Params = {}): void {
  uni.redirectTo({ url: path(page, params) })
}

export function goHome(): void {
  uni.reLaunch({ url: '/pages/home/index' })
}

export function goBack(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else goHome()
}

/** True where somebody is logged in; else leads to the login, which comes back to `next`. */
export function loggedInOr(next: string, params: Params = {}): boolean {
  if (session.token) return true
  replace('/pages/login/index', { next: path(next, params) })
  return false
}

/** The same for a page about one application; a link that names none leads to the children. */
export function ofApplication(page: string, id: string): boolean {
  if (id) return loggedInOr(page, { id })
  replace('/pages/children/index')
  return false
}

/** The same for a page of a candidate of the senior-high exam. */
export function candidateOr(next: string, params: Params = {}): boolean {
  if (candidate.token) return true
  replace('/pages/exam/login', { next: path(next, params) })
  return false
}
