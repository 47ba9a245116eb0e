// What a unit offers a candidate, in one line: its places, those kept for his junior school, or why it is not his.
import type { SeniorUnit } from '@/api/exam_types'
import { t, word } from '@/sentences'

/** Why the unit is not his, in words. */
export function whyNot(unit: SeniorUnit): string {
  return unit.why_not ? word('exam-why-not', unit.why_not) : t('exam.choose.not-eligible')
}

export function placesOf(unit: SeniorUnit): string {
  const parts = [t('exam.choose.plan', { plan: unit.plan })]
  if (unit.reserved_for_you) parts.push(t('exam.choose.reserved', { count: unit.reserved_for_you }))
  if (!unit.eligible) parts.push(whyNot(unit))
  return parts.join(' · ')
}
