// The shapes of the backend's answers, as its OpenAPI document tells them.

export type Stage = 'kindergarten' | 'primary' | 'junior'

export interface Items<T> {
  items: T[]
}

export interface StageWindow {
  stage: Stage
  opens_at: string
  closes_at: string
  state: 'not-disclosed' | 'upcoming' | 'open' | 'closed'
}

export interface Login {
  token: string
  guardian: { id: string; has_phone: boolean; has_wechat: boolean }
}

export type ApplicationState =
  | 'draft'
  | 'submitted'
  | 'checking'
  | 'verified'
  | 'in_review'
  | 'returned'
  | 'rejected'
  | 'choosing'
  | 'settled'
  | 'frozen'
  | 'placed'
  | 'unplaced'
  | 'confirmed'
  | 'declined'
  | 'lapsed'
  | 'enrolled'
  | 'recorded'
  | 'withdrawn'

export interface Helper {
  id: string
  until: string
  phone_masked?: string
}

export interface Child {
  id: string
  name: string
  born_on: string
  sex: string
  /** Not told to a helper. */
  ethnicity?: string
  relation: string
  application: { id: string; state: ApplicationState } | null
  helpers?: Helper[]
}

export interface Claim {
  id: string
  state: 'waiting' | 'accepted' | 'disputed' | 'granted' | 'denied'
  child_name: string
  relation: string
  /** Incoming ones wait for this guardian's answer. */
  direction: 'incoming' | 'outgoing'
  filed_at: string
  answer_by: string
  reason: string | null
}

export type HomeKind = 'owned' | 'contract' | 'rented' | 'none'
export type WorkKind = 'insured' | 'business' | 'none'

/** `…_name` are told by the backend beside the codes and never sent back. */
export interface ApplicationForm {
  unit_code?: string
  unit_name?: string
  address?: string
  household?: 'here' | 'banner' | 'elsewhere' | 'unknown'
  household_number?: string
  household_unit?: string
  household_unit_name?: string
  registered_on?: string
  home?: { kind: HomeKind; certificate?: string; use?: string; unit?: string; owner_relation?: string }
  work?: { kind: WorkKind; months?: number }
  twins_with?: string
  sibling_at?: string
  choices?: string[]
  care?: string[]
  care_note?: string
}

export interface Application {
  id: string
  state: ApplicationState
  child_id: string
  banner: string
  stage: Stage
  form: ApplicationForm
  papers: { kind: string; kind_name?: string; name?: string; why?: string; state?: string }[]
  receipt: string | null
  missing: string[]
  /** Of the schools of the address, how many may be ranked. */
  choices_at_most?: number
  window: StageWindow | null
  return_by?: string | null
  /** Where the book lets the family choose among several schools: those schools. */
  schools?: { code: string; name: string }[]
}

export interface Paper {
  id: string
  kind: string
  kind_name: string
  state: 'waiting' | 'good' | 'retake' | 'human'
  attempt: number
  attached_at?: string
  reasons: { code: string; text: string }[]
  picture_url?: string
}

export type Verdict = 'match' | 'mismatch' | 'not-found' | 'unavailable' | 'timeout' | 'waiting' | 'info'

export interface DiaryEntry {
  at: string | null
  who: string
  what: string
  verdict: Verdict
  text: string
  check_id?: string | null
  disputable: boolean
}

export interface Result {
  state: ApplicationState
  school: { code: string; name: string; address: string } | null
  seat_type: { code: string; name: string } | null
  confirm_by: string | null
  /** `due` while a private junior school still has to hold its interview (D10). */
  interview?: string | null
  /** The school reported that the child has not come, and the place was given back. */
  is_absent?: boolean
  published_at: string | null
  /** What happens where the family does not answer, in the rule-book's words. */
  rule_of_silence?: string
  /** Who confirms the place: the family on its phone, or the school that has seen the papers. */
  confirms?: string
  why: Why | null
}

export interface Why {
  text: string[]
  position: number | null
  ticket: string | number | null
  input_sha256: string | null
  seed?: string | null
  /** How the family's own row leads up to the published root. */
  proof?: { index?: number; root?: string; folder?: string } | null
}

/** The child's class as its family sees it. */
export interface OwnClass {
  state: 'waiting' | 'published' | 'late'
  school: { code: string; name: string } | null
  class: number | null
  teachers: { head: string; teaches: Record<string, string> } | null
  /** Whether the school's plan is published: from then on no wish is taken. */
  plan: boolean
  /** The wish for twins, or null for a child without a twin. */
  twins: TwinWish | null
  signed_at: string | null
  output_sha256: string | null
}

export type TwinWish = 'together' | 'apart'
/** A signature: lines of points from 0 to 1000, across and down. */
export type Strokes = [number, number][][]

export interface WaitingLine {
  school: string
  name: string
  place: number
  of: number
  free: number
  moved: number
}

export interface Objection {
  id: string
  receipt: string
  state: string
  text: string
  filed_at: string
  answer_by: string
  answer: string | null
  answered_at: string | null
}

export interface Message {
  id: string
  at: string
  channel: string | null
  state: string
  title: string
  text: string
  link: string | null
}
