// What a family may do about its place besides answering: preferences, a private school, waiting lists, leaving, deferring,
// transfers.
import { call } from './ground'
import type { Items, Stage } from './types'

export interface Group {
  group: string
  name: string
  approved_by: string
  effect: string
  /** The schools this group may choose; none where it is placed first in its own zone. */
  schools: { code: string; name: string }[]
}

export interface Preferences {
  may_ask: boolean
  groups: Group[]
  claim: { group: string; school: string | null; state: 'asked' | 'approved' | 'refused'; reason: string | null } | null
}

export interface PrivateSchool {
  code: string
  name: string
  seats: number
  address: string
  registered: number
}

export interface PrivateSchools {
  may_wish: boolean
  school: string | null
  schools: PrivateSchool[]
}

export interface PublicLine {
  school: string
  name: string
  free: number
  line: { place: number; no: string }[]
  moves: { no: string; at: string }[]
}

export interface Deferral {
  id: string
  stage: Stage
  year: number
  state: 'asked' | 'approved' | 'refused'
  asked_at: string
  reason: string | null
  kindergarten_name: string | null
  returns_in: number | null
}

export type TransferState = 'open' | 'offered' | 'done' | 'given-up' | 'refused' | 'withdrawn' | 'over'

export interface RoomAt {
  code: string
  name: string
  address: string
  free: number
}

export interface Transfers {
  rule: string
  may_ask: boolean
  nearest_only: boolean
  schools: RoomAt[]
  items: {
    id: string
    receipt: string
    state: TransferState
    school: { code: string; name: string }
    text: string
    asked_at: string
    answer_by: string
    answer: string | null
    confirm_by: string | null
  }[]
}

const at = (id: string) => `/api/applications/${encodeURIComponent(id)}`

export function preferences(id: string): Promise<Preferences> {
  return call('GET', `${at(id)}/preference`)
}

export function askPreference(id: string, group: string, evidence: string, school: string | null): Promise<unknown> {
  return call('POST', `${at(id)}/preference`, { body: { group, evidence, school } })
}

export function privateSchools(id: string): Promise<PrivateSchools> {
  return call('GET', `${at(id)}/private`)
}

/** Registers for one private school; null takes the registration back. */
export function registerPrivate(id: string, school: string | null): Promise<unknown> {
  return call('PUT', `${at(id)}/private`, { body: { school } })
}

/** A school's waiting list as everybody sees it: receipts in order, and every move. */
export function publicLine(school: string): Promise<PublicLine> {
  return call('GET', `/api/schools/${encodeURIComponent(school)}/waiting`)
}

export function leaveList(id: string, reason: string): Promise<unknown> {
  return call('POST', `${at(id)}/leave`, { body: { reason } })
}

export async function deferrals(child: string): Promise<Deferral[]> {
  return (await call<Items<Deferral>>('GET', `/api/children/${encodeURIComponent(child)}/deferral`)).items
}

export function askDeferral(child: string, banner: string, stage: Stage, evidence: string): Promise<unknown> {
  return call('POST', `/api/children/${encodeURIComponent(child)}/deferral`, { body: { banner, stage, evidence } })
}

/** Where there is room, nearest to `unit` (or the registered home) first, and what became of the family's requests. */
export function transfers(id: string, unit: string): Promise<Transfers> {
  return call('GET', `${at(id)}/transfers${unit ? `?unit_code=${encodeURIComponent(unit)}` : ''}`)
}

export function askTransfer(id: string, school: string, text: string, unit: string): Promise<unknown> {
  return call('POST', `${at(id)}/transfers`, { body: { school, text, unit_code: unit || null } })
}

export function withdrawTransfer(id: string): Promise<unknown> {
  return call('POST', `${at(id)}/transfers/withdrawal`, { body: {} })
}
