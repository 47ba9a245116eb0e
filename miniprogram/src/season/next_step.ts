// Where a family goes next, told by the state of its application.
import type { ApplicationState } from '@/api/types'

export interface NextStep {
  /** Catalogue key of the button. */
  label: string
  page: string
}

const FORM: NextStep = { label: 'next.continue', page: '/pages/apply/index' }
const DIARY: NextStep = { label: 'next.diary', page: '/pages/diary/index' }
const RESULT: NextStep = { label: 'next.result', page: '/pages/result/index' }

const STEPS: Record<ApplicationState, NextStep> = {
  draft: FORM,
  returned: { label: 'next.correct', page: '/pages/apply/index' },
  submitted: DIARY,
  checking: DIARY,
  in_review: DIARY,
  verified: DIARY,
  rejected: DIARY,
  choosing: { label: 'next.choose', page: '/pages/choices/index' },
  settled: DIARY,
  frozen: DIARY,
  placed: { label: 'next.confirm', page: '/pages/result/index' },
  unplaced: RESULT,
  confirmed: RESULT,
  declined: RESULT,
  lapsed: RESULT,
  enrolled: RESULT,
  recorded: RESULT,
  withdrawn: { label: 'next.again', page: '/pages/apply/start' },
}

/** The next step of an application in this state; a state this phone does not know yet leads to the diary. */
export function nextStep(state: ApplicationState): NextStep {
  return STEPS[state] ?? DIARY
}

const WITHDRAWABLE: ApplicationState[] = [
  'draft',
  'submitted',
  'checking',
  'verified',
  'in_review',
  'returned',
  'choosing',
  'settled',
  'unplaced',
]

/** True while the family may still take the application back: before the list is frozen, or where it has no place (D28). */
export function mayWithdraw(state: ApplicationState): boolean {
  return WITHDRAWABLE.includes(state)
}

/** True while the family may change what it wrote. */
export function mayEdit(state: ApplicationState): boolean {
  return state === 'draft' || state === 'returned'
}
