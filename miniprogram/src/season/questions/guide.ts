// What a family is asked before it has a login: enough to name the school, the papers and the dates.
import type { Answers, Option, Question } from '../flow'
import { dayOf } from '../dates'

export const STAGES: Option[] = [
  { value: 'kindergarten', key: 'stage.kindergarten', hintKey: 'stage.kindergarten.hint' },
  { value: 'primary', key: 'stage.primary', hintKey: 'stage.primary.hint' },
  { value: 'junior', key: 'stage.junior', hintKey: 'stage.junior.hint' },
]

export const HOMES: Option[] = [
  { value: 'owned', key: 'home-kind.owned', hintKey: 'home-kind.owned.hint' },
  { value: 'contract', key: 'home-kind.contract', hintKey: 'home-kind.contract.hint' },
  { value: 'rented', key: 'home-kind.rented', hintKey: 'home-kind.rented.hint' },
  { value: 'none', key: 'home-kind.none', hintKey: 'home-kind.none.hint' },
]

export const WORKS: Option[] = [
  { value: 'insured', key: 'work-kind.insured', hintKey: 'work-kind.insured.hint' },
  { value: 'business', key: 'work-kind.business', hintKey: 'work-kind.business.hint' },
  { value: 'none', key: 'work-kind.none' },
]

export const hasNoHome = (answers: Answers) => answers.home === 'rented' || answers.home === 'none'

/** The guide's questions; `banners` are the rows of the first one, as the backend names them. */
export function guideQuestions(banners: Option[]): Question[] {
  return [
    { code: 'banner', kind: 'choice', ask: 'guide.banner.ask', options: banners },
    { code: 'stage', kind: 'choice', ask: 'guide.stage.ask', options: STAGES },
    { code: 'unit_code', kind: 'unit', ask: 'guide.unit.ask', hint: 'guide.unit.hint' },
    {
      code: 'household',
      kind: 'choice',
      ask: 'guide.household.ask',
      hint: 'guide.household.hint',
      options: [
        { value: 'here', key: 'guide.household.here' },
        { value: 'elsewhere', key: 'guide.household.elsewhere' },
        { value: 'unknown', key: 'guide.household.unknown' },
      ],
    },
    { code: 'home', kind: 'choice', ask: 'guide.home.ask', options: HOMES },
    { code: 'work', kind: 'choice', ask: 'guide.work.ask', options: WORKS, asked: hasNoHome },
    { code: 'born_on', kind: 'day', ask: 'guide.born.ask', hint: 'guide.born.hint', optional: true },
  ]
}

/** The body of the guide's request. */
export function guideBody(answers: Answers): Record<string, unknown> {
  const { banner, stage, unit_code, household, home, work, born_on } = answers
  return {
    banner,
    stage,
    unit_code,
    household,
    home,
    ...(work && hasNoHome(answers) ? { work } : {}),
    ...(born_on ? { born_on: dayOf(born_on) } : {}),
  }
}
