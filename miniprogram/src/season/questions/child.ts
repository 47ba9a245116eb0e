// What is asked about a child and its guardian, once.
import type { Answers, Option, Question } from '../flow'
import { dayOf } from '../dates'
import { tidyIdNumber } from '../id_number'
import { tidyName } from '../names'
import { ETHNICITIES } from './ethnicities'

export const RELATIONS: Option[] = [
  { value: 'father', key: 'relation.father' },
  { value: 'mother', key: 'relation.mother' },
  { value: 'grandparent', key: 'relation.grandparent' },
  { value: 'other', key: 'relation.other' },
]

const isResident = (answers: Answers) => answers.id_kind === 'resident'
const isForeign = (answers: Answers) => answers.id_kind !== undefined && !isResident(answers)

function notTheGuardian(value: string, answers: Answers): string | null {
  return tidyIdNumber(value) === tidyIdNumber(answers.guardian_id_number ?? '') ? 'fault.same-as-guardian' : null
}

export const CHILD_QUESTIONS: Question[] = [
  { code: 'relation', kind: 'choice', ask: 'child.relation.ask', options: RELATIONS },
  { code: 'guardian_name', kind: 'name', ask: 'child.guardian-name.ask', hint: 'child.guardian-name.hint' },
  { code: 'guardian_id_number', kind: 'id-number', ask: 'child.guardian-id.ask', hint: 'child.guardian-id.hint' },
  { code: 'name', kind: 'name', ask: 'child.name.ask', hint: 'child.name.hint' },
  {
    code: 'id_kind',
    kind: 'choice',
    ask: 'child.id-kind.ask',
    options: [
      { value: 'resident', key: 'id-kind.resident', hintKey: 'id-kind.resident.hint' },
      { value: 'hkm', key: 'id-kind.hkm' },
      { value: 'other', key: 'id-kind.other', hintKey: 'id-kind.other.hint' },
    ],
  },
  {
    code: 'id_number',
    kind: 'id-number',
    ask: 'child.id.ask',
    hint: 'child.id.hint',
    asked: isResident,
    fault: notTheGuardian,
  },
  {
    code: 'foreign_number',
    kind: 'text',
    ask: 'child.foreign.ask',
    hint: 'child.foreign.hint',
    optional: true,
    maxLength: 30,
    asked: isForeign,
  },
  { code: 'born_on', kind: 'day', ask: 'child.born.ask', hint: 'child.born.hint', asked: isForeign },
  {
    code: 'sex',
    kind: 'choice',
    ask: 'child.sex.ask',
    options: [
      { value: 'male', key: 'sex.male' },
      { value: 'female', key: 'sex.female' },
    ],
    asked: isForeign,
  },
  { code: 'ethnicity', kind: 'choice', ask: 'child.ethnicity.ask', options: ETHNICITIES },
]

/** Answers that never stay on the phone: identity numbers are typed again after a break. */
export const SECRET_ANSWERS = ['guardian_id_number', 'id_number', 'foreign_number']

/** The body that registers the child; consents are added by the page that asked for them. */
export function childBody(answers: Answers): Record<string, unknown> {
  const resident = isResident(answers)
  const number = resident ? tidyIdNumber(answers.id_number ?? '') : (answers.foreign_number ?? '').trim()
  return {
    name: tidyName(answers.name),
    id_kind: answers.id_kind,
    ...(number ? { id_number: number } : {}),
    ...(resident ? {} : { born_on: dayOf(answers.born_on), sex: answers.sex }),
    ethnicity: answers.ethnicity,
    relation: answers.relation,
    guardian_name: tidyName(answers.guardian_name),
    guardian_id_number: tidyIdNumber(answers.guardian_id_number),
  }
}
