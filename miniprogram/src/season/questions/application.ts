// What is asked for one child's application, and how the answers become the backend's form and back.
import type { ApplicationForm, HomeKind, WorkKind } from '@/api/types'
import { dayOf } from '../dates'
import type { Answers, Option, Question } from '../flow'
import { HOMES, WORKS, hasNoHome } from './guide'

const hasHome = (answers: Answers) => answers.home === 'owned' || answers.home === 'contract'
const YES_NO = [
  { value: 'no', key: 'answer.no' },
  { value: 'yes', key: 'answer.yes' },
]

/** What the school should be ready for; it decides nothing. */
const CARE = [
  { value: 'none', key: 'apply.care.none' },
  { value: 'disability', key: 'apply.care.disability' },
  { value: 'left-behind', key: 'apply.care.left-behind' },
  { value: 'hardship', key: 'apply.care.hardship' },
]

const QUESTIONS: Question[] = [
  { code: 'unit_code', kind: 'unit', ask: 'apply.unit.ask', hint: 'apply.unit.hint' },
  { code: 'address', kind: 'text', ask: 'apply.address.ask', hint: 'apply.address.hint', maxLength: 120 },
  {
    code: 'household',
    kind: 'choice',
    ask: 'apply.household.ask',
    options: [
      { value: 'same', key: 'apply.household.same' },
      { value: 'unit', key: 'apply.household.unit' },
      { value: 'outside', key: 'apply.household.outside' },
    ],
  },
  {
    code: 'household_unit',
    kind: 'unit',
    ask: 'apply.household-unit.ask',
    hint: 'apply.household-unit.hint',
    asked: (answers) => answers.household === 'unit',
  },
  {
    code: 'household_number',
    kind: 'text',
    ask: 'apply.household-number.ask',
    hint: 'apply.household-number.hint',
    optional: true,
    maxLength: 30,
  },
  {
    code: 'registered_on',
    kind: 'day',
    ask: 'apply.registered.ask',
    hint: 'apply.registered.hint',
    optional: true,
    asked: (answers) => answers.household !== 'outside',
  },
  { code: 'home', kind: 'choice', ask: 'apply.home.ask', options: HOMES },
  {
    code: 'certificate',
    kind: 'text',
    ask: 'apply.certificate.ask',
    hint: 'apply.certificate.hint',
    maxLength: 60,
    optional: true,
    asked: hasHome,
  },
  {
    code: 'use',
    kind: 'choice',
    ask: 'apply.use.ask',
    options: [
      { value: '住宅', key: 'home-use.dwelling' },
      { value: '公寓', key: 'home-use.flat' },
      { value: '商业', key: 'home-use.business' },
    ],
    asked: hasHome,
  },
  {
    code: 'owner_relation',
    kind: 'choice',
    ask: 'apply.owner.ask',
    options: [
      { value: 'parents', key: 'owner.parents' },
      { value: 'self', key: 'owner.self' },
      { value: 'grandparents', key: 'owner.grandparents' },
      { value: 'other', key: 'owner.other' },
    ],
    asked: hasHome,
  },
  { code: 'work', kind: 'choice', ask: 'apply.work.ask', options: WORKS, asked: hasNoHome },
  {
    code: 'months',
    kind: 'number',
    ask: 'apply.months.ask',
    hint: 'apply.months.hint',
    asked: (answers) => hasNoHome(answers) && answers.work !== undefined && answers.work !== 'none',
  },
]

/** The questions for one application; `schools` are those of its stage, `twins` the family's other children. */
export function applicationQuestions(schools: Option[], twins: Option[]): Question[] {
  return [
    ...QUESTIONS,
    { code: 'sibling', kind: 'choice', ask: 'apply.sibling.ask', hint: 'apply.sibling.hint', options: YES_NO },
    {
      code: 'sibling_at',
      kind: 'choice',
      ask: 'apply.sibling-at.ask',
      options: schools,
      asked: (answers) => answers.sibling === 'yes',
    },
    {
      code: 'twins_with',
      kind: 'choice',
      ask: 'apply.twins.ask',
      hint: 'apply.twins.hint',
      options: [{ value: 'none', key: 'apply.twins.none' }, ...twins],
      asked: () => twins.length > 0,
    },
    { code: 'care', kind: 'choice', ask: 'apply.care.ask', hint: 'apply.care.hint', options: CARE },
    {
      code: 'care_note',
      kind: 'text',
      ask: 'apply.care-note.ask',
      hint: 'apply.care-note.hint',
      optional: true,
      maxLength: 200,
      asked: (answers) => answers.care !== undefined && answers.care !== 'none',
    },
  ]
}

/** Where the household is somewhere else in the city, its address unit says whether it is in this banner. */
const HOUSEHOLDS: Record<string, ApplicationForm['household']> = { same: 'here', outside: 'elsewhere' }

/** The backend's form from the answers; `given` keeps what other doors (chat, desk) wrote and this one does not ask. */
export function formOf(answers: Answers, given: ApplicationForm): ApplicationForm {
  const home = answers.home as HomeKind | undefined
  const work = hasNoHome(answers) ? (answers.work as WorkKind | undefined) : undefined
  const form: ApplicationForm = {
    unit_code: answers.unit_code,
    address: answers.address?.trim(),
    household: HOUSEHOLDS[answers.household],
    household_number: answers.household_number?.trim() || undefined,
    household_unit: answers.household === 'same' ? answers.unit_code : answers.household_unit || undefined,
    registered_on: answers.registered_on ? dayOf(answers.registered_on) : undefined,
    home: home && {
      kind: home,
      certificate: answers.certificate?.trim() || undefined,
      use: answers.use,
      unit: given.home?.unit,
      owner_relation: answers.owner_relation,
    },
    work: work && { kind: work, months: answers.months ? Number(answers.months) : undefined },
    twins_with: answers.twins_with === undefined ? given.twins_with : notNone(answers.twins_with),
    sibling_at: answers.sibling === 'yes' ? answers.sibling_at : undefined,
    choices: given.choices,
    care: answers.care === undefined || answers.care === given.care?.[0] ? given.care : careOf(answers.care),
    care_note: answers.care_note?.trim() || undefined,
  }
  return JSON.parse(JSON.stringify(form)) as ApplicationForm
}

const careOf = (value: string) => (value === 'none' ? undefined : [value])
const notNone = (value: string) => (value === 'none' ? undefined : value)

/** The answers that the backend's form already holds. */
export function answersOf(form: ApplicationForm): Answers {
  const known: Record<string, string | undefined> = {
    unit_code: form.unit_code,
    unit_code_name: form.unit_name,
    address: form.address,
    household: householdOf(form),
    household_unit: form.household_unit,
    household_unit_name: form.household_unit_name,
    household_number: form.household_number,
    registered_on: form.registered_on?.replace(/-/g, ''),
    home: form.home?.kind,
    certificate: form.home?.certificate,
    use: form.home?.use,
    owner_relation: form.home?.owner_relation,
    work: form.work?.kind,
    months: form.work?.months?.toString(),
    sibling_at: form.sibling_at,
    sibling: siblingOf(form),
    twins_with: form.twins_with,
    care: form.care?.[0] ?? (form.home ? 'none' : undefined),
    care_note: form.care_note,
  }
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value)) as Answers
}

/** The form names a sibling's school or nothing; once the home is told, nothing means no. */
function siblingOf(form: ApplicationForm): string | undefined {
  if (form.sibling_at) return 'yes'
  return form.home ? 'no' : undefined
}

function householdOf(form: ApplicationForm): string | undefined {
  if (form.household === 'elsewhere') return 'outside'
  if (form.household_unit) return form.household_unit === form.unit_code ? 'same' : 'unit'
  return undefined
}
