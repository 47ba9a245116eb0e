// Questions as data: one question a screen, which of them are asked, and what is wrong with an answer.
import { dayOf } from './dates'
import { idNumberFault } from './id_number'
import { nameFault } from './names'

export type Answers = Record<string, string>

export interface Option {
  value: string
  /** The words on the row; they come from the backend, or from the catalogue by `key`. */
  label?: string
  key?: string
  hintKey?: string
  /** The words as a picture (a data address), where the phone may lack their letters. */
  picture?: string
  /** Shown only after "show all": long lists begin with what most people need. */
  rare?: boolean
}

export interface Question {
  code: string
  kind: 'choice' | 'text' | 'name' | 'id-number' | 'day' | 'number' | 'phone' | 'unit'
  ask: string
  hint?: string
  options?: Option[]
  optional?: boolean
  maxLength?: number
  /** Left out where it returns false. */
  asked?: (answers: Answers) => boolean
  fault?: (value: string, answers: Answers) => string | null
}

/** The questions that these answers lead to, in order. */
export function asked(questions: Question[], answers: Answers): Question[] {
  return questions.filter((question) => question.asked?.(answers) ?? true)
}

function faultOfKind(question: Question, value: string): string | null {
  switch (question.kind) {
    case 'choice':
      return (question.options ?? []).some((option) => option.value === value) ? null : 'fault.choose-one'
    case 'name':
      return nameFault(value)
    case 'id-number':
      return idNumberFault(value)
    case 'day':
      return dayOf(value) ? null : 'fault.day'
    case 'number':
      return /^\d{1,4}$/.test(value.trim()) ? null : 'fault.number'
    case 'phone':
      return /^1\d{10}$/.test(value.trim()) ? null : 'fault.phone'
    default:
      return null
  }
}

/** The catalogue key of what is wrong with the answer to this question, or null. */
export function faultOf(question: Question, answers: Answers): string | null {
  const value = answers[question.code] ?? ''
  if (!value.trim()) {
    if (question.optional) return null
    if (question.kind === 'unit') return 'fault.choose-unit'
    return question.kind === 'choice' ? 'fault.choose-one' : 'fault.empty'
  }
  return faultOfKind(question, value) ?? question.fault?.(value, answers) ?? null
}

/** Index of the first question that has no good answer yet; the number of questions where all have one. */
export function firstOpen(questions: Question[], answers: Answers): number {
  const open = asked(questions, answers)
  const index = open.findIndex((question) => faultOf(question, answers) !== null)
  return index < 0 ? open.length : index
}

/** Only the answers to questions that are still asked: an answer that no longer matters is not sent. */
export function relevant(questions: Question[], answers: Answers): Answers {
  const codes = asked(questions, answers).flatMap(({ code }) => [code, `${code}_name`])
  return Object.fromEntries(codes.filter((code) => answers[code]).map((code) => [code, answers[code]]))
}
