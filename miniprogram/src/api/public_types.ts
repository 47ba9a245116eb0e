// The shapes of what the backend tells everybody.
import type { Stage, StageWindow } from './types'

export interface Banner {
  code: string
  name: string
  year: number
  model: string
  flow?: string
  disclosed: boolean
  windows: StageWindow[]
}

export interface DateRow {
  what: string
  from: string
  to: string
}

export interface Disclosure {
  banner: string
  name: string
  year: number
  book_sha256: string
  version: string
  zones: { school: string; school_name: string; stage: Stage; units: { code: string; name: string }[] }[]
  plan: { school: string; school_name: string; stage: Stage; seats: number }[]
  dates: DateRow[]
  conditions: { school: string; text: string }[]
  seat_types: { code: string; name: string; stage: Stage; text?: string }[]
  papers: { kind: string; name: string; when: string }[]
  enquiry: { name: string; phone: string; hours: string }[]
  complaint: { name: string; phone: string }[]
  class_forming: string
  placing?: string[]
}

/** Where units and schools lie: longitude and latitude in degrees. Those that nobody told of are left out. */
export interface MapPlaces {
  banner: string
  fictional: boolean
  units: { code: string; at: [number, number] }[]
  schools: { code: string; at: [number, number] }[]
}

/** How far a school admitted in a former year, by numbers and words only. */
export interface FormerYear {
  school: string
  year: number
  plan: number
  admitted: number
  seat_type: string
  keys: string[]
}

export interface Unit {
  code: string
  name: string
  town: string
  banner: string
  banner_name: string
}

export interface Guidance {
  age_ok: boolean | null
  age_text: string
  schools: { code: string; name: string }[]
  seat_type: { code: string; name: string } | null
  seat_type_text: string
  papers: { kind: string; name: string; why: string }[]
  dates: DateRow[]
  notes: string[]
}

export interface School {
  code: string
  name: string
  stage: Stage
  banner: string
  seats: number | null
  address: string
}

export interface SchoolResults {
  school: string
  name: string
  year: number
  published_at: string
  run: string
  plan: number
  admitted: number
  by_seat_type: { code: string; name: string; count: number }[]
  cutoff: { seat_type: string; keys: Record<string, string | number>; ticket: string | null } | null
  special_cases: number
  corrections: number
  transfers: number
  /** `no` is the receipt number: the family knows its own, nobody else does. */
  rows: { no: string; seat_type: string | null; step: string | null; position: number | null }[]
  classes: { class: number; size: number }[]
  input_sha256: string
  output_sha256: string
  seed: string | null
}

export interface TipOff {
  receipt: string
  state: string
  filed_at: string
  answer?: string | null
}

export interface Consent {
  purpose: string
  version: string
  title: string
  text: string
  sha256: string
  required: boolean
}
