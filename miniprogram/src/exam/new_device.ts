// A log-in on a new phone proves itself once more before it changes anything.
import { Problem } from '@/api/problem'

const CODES = ['change-code-needed', 'exam-code-wrong', 'codes-too-often']

/** True where the backend wants the code that it has just sent by SMS, or the code was wrong, or was asked for too soon. */
export function asksForCode(error: unknown): boolean {
  return error instanceof Problem && CODES.includes(error.code)
}
