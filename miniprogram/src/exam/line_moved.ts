// The line of the unit one holds: that it moved, from where to where and when, however briefly one looked away.
import type { Standing } from '@/api/exam_types'

export interface LineMove {
  /** The lowest score inside before and after; null where the plan was not, or is no longer, filled. */
  from: string | null
  to: string | null
  at: string
}

/** How the line moved between two standings in the same unit; null where it did not, or where there is nothing to compare. */
export function lineMoved(before: Standing | null, now: Standing): LineMove | null {
  if (!before?.unit || before.unit !== now.unit || before.lowest_inside === now.lowest_inside) return null
  return { from: before.lowest_inside, to: now.lowest_inside, at: now.published_at }
}
