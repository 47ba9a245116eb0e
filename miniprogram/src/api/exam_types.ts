// The shapes of the exam wing's answers. Scores are texts with two decimals; ranks and counts are numbers.

export type CategoryState = 'upcoming' | 'open' | 'closed' | 'published' | 'locked' | 'not-in'

export interface Category {
  code: string
  name: string
  state: CategoryState
  /** While it has not begun: when the own band opens, where that is known. */
  opens_at?: string | null
  /** What the unit that is held is called. */
  chosen?: string | null
  /** Where an earlier category has admitted the candidate: the unit that did. */
  locked_by?: string | null
  locked_by_name?: string | null
}

export interface Me {
  exam_number: string
  name: string
  year: number
  school_of_origin: string
  server_time?: string
  /** Empty before the scores are public. */
  total: string | null
  subjects: { code: string; name: string; score: string }[]
  city_rank: number | null
  level_with: number | null
  one_fen: { at: string; count: number; above: number } | null
  band: Band | null
  /** The session that he takes no part in because his total lies below its line. */
  left_out?: { session: string; line: string } | null
  /** 成绩复核 of the year, where it has one. */
  recheck?: RecheckTime | null
  /** The exam office has stopped all choosing for a while. */
  paused?: boolean
  remarks?: { at: string; text: string }[]
  categories: Category[]
  choices: Record<string, string | null>
  standing_order: string[]
  admission: Admission | null
}

export interface RecheckTime {
  state: 'upcoming' | 'open' | 'closed'
  opens_at: string
  closes_at: string
  answered_by: string
}

export interface Recheck {
  subject: string
  state: 'asked' | 'kept' | 'changed'
  before: string
  after: string | null
  finding: string | null
}

export interface Band {
  number: number
  /** What its session is called. */
  session?: string
  /** Whether the list of those who take part is out: from then on there are ranks. */
  listed?: boolean
  category: string
  opens_at: string
  closes_at: string
  no_clear_from?: string | null
  no_first_from?: string | null
  state: 'upcoming' | 'open' | 'closed'
}

export interface SeniorUnit {
  code: string
  school: string
  name: string
  category: string
  language: string
  origin: string
  plan: number
  /** How many places his junior school has there (指标到校), filled in one run with the open ones. */
  reserved_for_you?: number | null
  eligible: boolean
  /** A code of `exam-why-not`. */
  why_not?: string | null
  forecast?: Forecast | null
}

/** Where the lowest admitted score will probably lie; null ends are a unit that stays unfilled. */
export interface Forecast {
  low: string | null
  middle: string | null
  high: string | null
  is_certain: boolean
  /** The reading it was made at. */
  at: string
}

/** A published line of a unit he had a right to, beside his own scores. */
export interface OwnLine {
  unit: string
  name: string
  session: string
  session_name: string
  total: string | null
  ties: string[]
  check: 'above' | 'level' | 'below' | 'not-full'
  held: boolean
  admitted_here: boolean
}

export interface OwnLines {
  total: string
  ties: string[]
  tie_names: string[]
  items: OwnLine[]
}

/** Where the candidate stands in a unit, in one numbered snapshot. */
export interface Standing {
  version: number | null
  published_at: string
  /** When these figures were last known to be the newest. */
  confirmed_at?: string
  age_ms?: number
  server_time?: string
  unit: string | null
  school?: string | null
  rank: number | null
  level_with: number | null
  plan: number | null
  inside: boolean | null
  lowest_inside: string | null
  chosen_count: number | null
  closes_at?: string | null
  paused?: boolean
}

export interface Choice {
  receipt: string
  arrived_at: string
  standing: Standing | null
}

export interface Admission {
  state: 'none' | 'admitted' | 'reported-in' | 'no-show' | 'returned'
  unit: string | null
  school: string | null
  category?: string
  rank?: number
  plan?: number
  letter_url: string | null
  /** The public page that says whether the letter is genuine. */
  check_url?: string | null
  /** Published sessions that did not admit him though he held a unit, by name. */
  not_admitted?: string[]
  /** Why the file was returned. */
  reason?: string | null
  report_by: string | null
}
