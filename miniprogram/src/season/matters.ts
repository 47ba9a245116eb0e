// Which further matters of a place are open in which state, as the service judges them (it has the last word).
import type { ApplicationState } from '@/api/types'

export type Matter = 'preference' | 'private' | 'line' | 'leave'

const BEFORE_TYPE: ApplicationState[] = ['draft', 'submitted', 'checking', 'in_review', 'returned', 'verified']
const OPEN_IN: Record<Matter, ApplicationState[]> = {
  preference: BEFORE_TYPE,
  private: [...BEFORE_TYPE, 'choosing', 'settled'],
  line: ['settled', 'unplaced'],
  leave: ['frozen'],
}

/** The matters that are open in this state, in the order in which they are shown. */
export function mattersFor(state: ApplicationState): Matter[] {
  return (Object.keys(OPEN_IN) as Matter[]).filter((matter) => OPEN_IN[matter].includes(state))
}
