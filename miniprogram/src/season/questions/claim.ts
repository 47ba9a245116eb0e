// What a second guardian is asked who wants to care for a child too.
import type { Answers, Question } from '../flow'
import { tidyIdNumber } from '../id_number'
import { tidyName } from '../names'
import { CHILD_QUESTIONS } from './child'

const ASKED = ['relation', 'guardian_name', 'guardian_id_number', 'name']

/** The questions of a registration that a claim needs too; the child of a claim has a resident's number. */
export const CLAIM_QUESTIONS: Question[] = [
  ...CHILD_QUESTIONS.filter((question) => ASKED.includes(question.code)),
  { code: 'id_number', kind: 'id-number', ask: 'child.id.ask', hint: 'child.id.hint' },
]

/** The body of the claim. */
export function claimBody(answers: Answers): Record<string, unknown> {
  return {
    relation: answers.relation,
    guardian_name: tidyName(answers.guardian_name),
    guardian_id_number: tidyIdNumber(answers.guardian_id_number),
    name: tidyName(answers.name),
    id_number: tidyIdNumber(answers.id_number),
  }
}
