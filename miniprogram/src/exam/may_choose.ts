// Whether a candidate may choose now, and if not, why not, in words.
import type { Category, Me } from '@/api/exam_types'
import { t } from '@/sentences'

/** Why he takes no part in the session that is next or under way; '' where he does. */
export function whyNoPart(me: Me): string {
  if (me.admission?.state === 'no-show') return t('exam.admission.no-show')
  if (me.admission && ['admitted', 'reported-in'].includes(me.admission.state)) return t('exam.admitted-already')
  return me.left_out ? t('exam.left-out', me.left_out) : ''
}

/** True where the results of the session that he looks at are out. */
export function isPublished(me: Me): boolean {
  return me.categories.some((one) => one.code === me.band?.category && one.state === 'published')
}

/** Why nothing can be chosen in this category now; '' where it can. */
export function whyNotNow(me: Me, category: Category | undefined): string {
  if (category?.state === 'open') return me.paused ? t('exam.paused') : ''
  if (category?.state === 'closed') return t('exam.closed')
  if (category?.state === 'published') return whyNoPart(me) || t('exam.published')
  if (category?.state === 'locked') return t('exam.admitted-already')
  if (category?.state === 'not-in') return whyNoPart(me) || t('exam-category.not-in')
  return t('exam.not-yet')
}
