// The sentence a person reads when something went wrong.
import { has, t } from '@/sentences'
import { ConnectionLost, LoggedOut, Problem } from './problem'

/** The backend's own sentence; where it sent none, ours for the kind of failure. Never a code, never a stack. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ConnectionLost) return t('problem.connection-lost')
  if (error instanceof LoggedOut) return t('problem.logged-out')
  if (!(error instanceof Problem)) return t('problem.unknown')
  const details = error.faults.map((fault) => fault.detail).filter((detail) => detail && detail !== error.detail)
  const first = error.detail || (has(`problem.${error.status}`) ? t(`problem.${error.status}`) : t('problem.unknown'))
  return [first, ...details].join('\n')
}

/** The number that the help desk can look up, or ''. */
export function lookUpNumber(error: unknown): string {
  return error instanceof Problem && error.status >= 500 ? error.requestId : ''
}
