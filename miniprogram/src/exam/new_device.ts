// A log-in on a new phone proves itself once more before it changes anything.
import { Problem } from '@/api/problem'

const CODES = ['change-code-needed', 'exam-code-wrong']

/** True where the backend wants the code that it has just sent by SMS (or the code was wrong). */
export function asksForCode(error: unknown): boolean {
  return error instanceof Problem && CODES.includes(error.code)
}
