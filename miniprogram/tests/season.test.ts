// What the phone checks as it is typed, and how answers become forms.
import { describe, expect, it } from 'vitest'
import { pageOfLink } from '@/screen/links'
import { dayOf, readable, span } from '@/season/dates'
import { asked, faultOf, firstOpen, relevant, type Answers } from '@/season/flow'
import { idNumberFault, tidyIdNumber } from '@/season/id_number'
import { nameFault, tidyName } from '@/season/names'
import { mattersFor } from '@/season/matters'
import { mayEdit, mayWithdraw, nextStep } from '@/season/next_step'
import { allSent, isSlow, isWanted, retakesLeft, standOf } from '@/season/papers'
import { answersOf, applicationQuestions, formOf } from '@/season/questions/application'
import { CHILD_QUESTIONS, childBody } from '@/season/questions/child'
import { guideBody, guideQuestions } from '@/season/questions/guide'

function numbered(first17: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(first17[i]), 0)
  return first17 + '10X98765432'[sum % 11]
}

describe('an identity number (GB 11643, T-4.2)', () => {
  const right = numbered('15060320180503101')

  it('is right with its own check character only', () => {
    expect(idNumberFault(right)).toBeNull()
    const others = [...'0123456789X'].filter((last) => last !== right[17])
    for (const last of others) expect(idNumberFault(right.slice(0, 17) + last)).toBe('fault.id-number-check')
  })

  it('may be typed with a small x and blanks', () => {
    const withX = Array.from({ length: 40 }, (_, i) => numbered(`1506032018050310${i % 10}`.slice(0, 15) + String(10 + i)))
      .find((number) => number.endsWith('X')) as string
    expect(idNumberFault(` ${withX.slice(0, 6)} ${withX.slice(6, 17)}x`)).toBeNull()
    expect(tidyIdNumber(`${withX.slice(0, 17)}x`)).toBe(withX)
  })

  it('is wrong with a birth date that does not exist, even where the check character is right', () => {
    expect(idNumberFault(numbered('15060320180230101'))).toBe('fault.id-number-birth')
  })

  it('is not the old one of fifteen digits', () => {
    expect(idNumberFault('150603180503101')).toBe('fault.id-number-15')
  })
})

describe('a name', () => {
  it.each(['王小明', '巴特尔', '阿茹娜·乌云', 'Нарантуяа', '阿卜杜热合曼·买买提江·艾力', 'ᠪᠠᠲᠤ'])('%s is all right', (name) => {
    expect(nameFault(name)).toBeNull()
  })

  it('has one kind of middle dot', () => {
    expect(tidyName(' 阿茹娜 • 乌云 ')).toBe('阿茹娜·乌云')
    expect(nameFault('·乌云')).toBe('fault.name-dot')
  })

  it.each([['王小明1', 'fault.name-digits'], ['', 'fault.name-empty'], ['王<b>', 'fault.name-signs'], ['王'.repeat(51), 'fault.name-long']])(
    '%s is refused',
    (name, fault) => expect(nameFault(name)).toBe(fault),
  )
})

describe('dates', () => {
  it('are read as the backend wrote them, wherever the phone is', () => {
    expect(readable('2026-05-11T08:05:00+08:00')).toBe('2026年5月11日 8:05')
    expect(span('2026-05-11', '2026-05-11')).toBe('2026年5月11日')
    expect(dayOf('2018年05月03日')).toBe('2018-05-03')
    expect(dayOf('20180231')).toBe('')
  })
})

describe('questions', () => {
  const questions = guideQuestions([{ value: '150603', label: '康巴什区' }])
  const base: Answers = { banner: '150603', stage: 'primary', unit_code: '150603001001', household: 'here' }

  it('ask about work only where there is no home', () => {
    const codes = (answers: Answers) => asked(questions, answers).map((question) => question.code)
    expect(codes({ ...base, home: 'owned' })).not.toContain('work')
    expect(codes({ ...base, home: 'rented' })).toContain('work')
  })

  it('send no answer that no longer matters', () => {
    expect(guideBody({ ...base, home: 'owned', work: 'insured' })).not.toHaveProperty('work')
    expect(relevant(questions, { ...base, home: 'owned', work: 'insured' })).not.toHaveProperty('work')
  })

  it('resume at the first one without a good answer', () => {
    expect(asked(questions, base)[firstOpen(questions, base)].code).toBe('home')
    expect(firstOpen(questions, { ...base, home: 'owned' })).toBe(asked(questions, { ...base, home: 'owned' }).length)
  })

  it('refuse an answer that is none of the options', () => {
    expect(faultOf(questions[1], { stage: 'university' })).toBe('fault.choose-one')
  })
})

describe("a child's registration", () => {
  it('tidies names and numbers and leaves out what the number already says', () => {
    const child = numbered('15060320200503101')
    const guardian = numbered('15060319900503101')
    const body = childBody({
      relation: 'mother', guardian_name: '乌云', guardian_id_number: guardian.toLowerCase(), name: '阿茹娜•乌云',
      id_kind: 'resident', id_number: child, ethnicity: '蒙古', sex: 'male', born_on: '20200101',
    })
    expect(body).toMatchObject({ name: '阿茹娜·乌云', id_number: child, guardian_id_number: guardian })
    expect(body).not.toHaveProperty('sex')
  })

  it('does not take the guardian for the child', () => {
    const number = numbered('15060319900503101')
    const question = CHILD_QUESTIONS.find((one) => one.code === 'id_number')!
    expect(faultOf(question, { id_kind: 'resident', guardian_id_number: number, id_number: number })).toBe('fault.same-as-guardian')
  })
})

describe('the application form', () => {
  const questions = applicationQuestions([{ value: '150603-P01', label: '一小' }], [])
  const answers: Answers = {
    unit_code: '150603001001', unit_code_name: '青春山社区', address: ' 1 号楼 ', household: 'same', home: 'owned', use: '住宅',
    owner_relation: 'parents', certificate: '蒙(2020)001', sibling: 'no', registered_on: '20190305',
  }

  it('comes back as it was sent', () => {
    const form = formOf(relevant(questions, answers), {})
    expect(form).toMatchObject({ address: '1 号楼', household: 'here', household_unit: '150603001001', registered_on: '2019-03-05', home: { kind: 'owned' } })
    expect(answersOf(form)).toMatchObject({ household: 'same', home: 'owned', use: '住宅', registered_on: '20190305' })
  })

  it('keeps what another door wrote', () => {
    expect(formOf(answers, { home: { kind: 'owned', unit: 'U1' }, twins_with: 'T' })).toMatchObject({ home: { unit: 'U1' }, twins_with: 'T' })
  })
})

describe('papers', () => {
  const paper = { id: '1', kind: 'household', kind_name: '户口簿', reasons: [] }

  it('are taken again at most twice, then a person looks', () => {
    expect([1, 2, 3].map((attempt) => retakesLeft({ ...paper, state: 'retake', attempt }))).toEqual([2, 1, 0])
  })

  it('are wanted while there is none or the latest has to be taken again', () => {
    const wanted = (state: 'good' | 'retake' | 'human' | 'waiting') =>
      isWanted(standOf({ papers: [] }, [{ ...paper, state, attempt: 1 }])[0])
    expect([wanted('retake'), wanted('good'), wanted('human'), wanted('waiting')]).toEqual([true, false, false, false])
    expect(isWanted({ kind: 'household', name: '', why: '', latest: null })).toBe(true)
  })

  it('may be sent once more where the verdict is slow', () => {
    const waiting = { ...paper, state: 'waiting' as const, attempt: 1, attached_at: '2026-05-11T08:00:00+08:00' }
    const minutes = (count: number) => Date.parse(waiting.attached_at) + count * 60_000
    expect(isSlow(waiting, minutes(1))).toBe(false)
    expect(isSlow(waiting, minutes(3))).toBe(true)
    expect(isSlow({ ...waiting, state: 'good' }, minutes(3))).toBe(false)
  })

  it('are all sent when each asked kind has a picture that need not be taken again', () => {
    const wanted = { papers: [{ kind: 'household', name: '户口簿' }] }
    expect(allSent(standOf(wanted, []))).toBe(false)
    expect(allSent(standOf(wanted, [{ ...paper, state: 'retake', attempt: 1 }, { ...paper, state: 'human', attempt: 2 }]))).toBe(true)
  })
})

describe('the next step', () => {
  it('is the result for a placed child and the form for a returned one', () => {
    expect(nextStep('placed').page).toBe('/pages/result/index')
    expect(mayEdit('returned')).toBe(true)
  })

  it('allows taking back until the list is frozen (D28)', () => {
    expect(mayWithdraw('settled')).toBe(true)
    expect(mayWithdraw('frozen')).toBe(false)
    expect(mayWithdraw('unplaced')).toBe(true)
  })
})

describe('links in messages', () => {
  it('lead to our own pages only', () => {
    expect(pageOfLink('http://127.0.0.1:8000/phone/#/pages/result/index?application=1')).toBe('/pages/result/index?application=1')
    expect(pageOfLink('/pages/diary/index?application=1')).toBe('/pages/diary/index?application=1')
    expect(pageOfLink('https://elsewhere.example/pages/diary/index')).toBe('')
    expect(pageOfLink('javascript:alert(1)')).toBe('')
  })
})

describe('further matters of a place (B13 to B15, D09, D28)', () => {
  it('are open while the service takes them', () => {
    expect(mattersFor('verified')).toEqual(['preference', 'private'])
    expect(mattersFor('settled')).toEqual(['private', 'line'])
    expect(mattersFor('frozen')).toEqual(['leave'])
    expect(mattersFor('unplaced')).toEqual(['line'])
    expect(mattersFor('confirmed')).toEqual([])
  })
})
