// What anyone may ask without a login.
import { call } from './ground'
import type { Banner, Consent, Disclosure, FormerYear, Guidance, MapPlaces, School, SchoolResults, TipOff, Unit } from './public_types'
import type { Items, Stage } from './types'

function query(fields: Record<string, string | undefined>): string {
  const parts = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
  return parts.length ? '?' + parts.map(([name, value]) => `${name}=${encodeURIComponent(value as string)}`).join('&') : ''
}

export async function banners(): Promise<Banner[]> {
  return (await call<Items<Banner>>('GET', '/api/banners')).items
}

export function disclosure(banner: string): Promise<Disclosure> {
  return call('GET', `/api/banners/${encodeURIComponent(banner)}/disclosure`)
}

export function mapPlaces(banner: string): Promise<MapPlaces> {
  return call('GET', `/api/banners/${encodeURIComponent(banner)}/places`)
}

export async function formerYears(banner: string, stage: Stage): Promise<FormerYear[]> {
  return (await call<Items<FormerYear>>('GET', `/api/banners/${encodeURIComponent(banner)}/lines` + query({ stage }))).items
}

export async function units(words: string, banner?: string): Promise<Unit[]> {
  return (await call<Items<Unit>>('GET', '/api/units' + query({ q: words, banner }))).items
}

export function guide(answers: Record<string, unknown>): Promise<Guidance> {
  return call('POST', '/api/guide', { body: answers })
}

export async function schools(banner?: string, stage?: Stage): Promise<School[]> {
  return (await call<Items<School>>('GET', '/api/schools' + query({ banner, stage }))).items
}

export function schoolResults(school: string): Promise<SchoolResults> {
  return call('GET', `/api/schools/${encodeURIComponent(school)}/results`)
}

export function fileTipOff(tipOff: Record<string, unknown>): Promise<{ receipt: string }> {
  return call('POST', '/api/tipoffs', { body: tipOff })
}

export function tipOff(receipt: string): Promise<TipOff> {
  return call('GET', `/api/tipoffs/${encodeURIComponent(receipt)}`)
}

export async function consents(): Promise<Consent[]> {
  return (await call<Items<Consent>>('GET', '/api/consents')).items
}
