// Which sentences bind: what a family agrees to, gives up, is promised or must do by a day.
// In another language they stand together with the Chinese ones, and the Chinese ones count.

const GROUPS = [
  'apply.return-by',
  'claims.answer-by',
  'claims.question',
  'class.sign',
  'class.twins',
  'consent.',
  'correct.promise',
  'deferral.promise',
  'delete.',
  'diary.withdraw',
  'exam.choose.ask',
  'exam.choose.drop',
  'exam.choose.lead',
  'exam.choose.received',
  'exam.choose.text',
  'exam.choose.yes',
  'exam.order.promise',
  'exam.report.',
  'helpers.lead',
  'leave.again',
  'objection.answer-by',
  'objection.promise',
  'privacy.',
  'private.promise',
  'private.register',
  'receipt.',
  'result.confirm',
  'result.decline',
  'result.interview',
  'review.promise',
  'review.received',
  'review.submit',
  'rule-book.',
  'state.',
  'state-text.',
  'transfer.again',
  'transfer.confirm-by',
  'transfer.withdraw',
  'withdraw-consent.',
]

/** True where the sentence of this code binds. */
export function isBinding(code: string): boolean {
  return GROUPS.some((group) => code === group || code.startsWith(group))
}
