// Dates and times as a family reads them. The backend sends Beijing time; the phone's own zone must not shift it.
import { t } from '@/sentences'
import { isDay } from './id_number'

const STAMP = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/

/** "2026-05-11T08:00:00+08:00" → "2026年5月11日 8:00"; "2026-05-11" → "2026年5月11日"; anything else stays as it is. */
export function readable(stamp: string | null | undefined): string {
  const parts = STAMP.exec(stamp ?? '')
  if (!parts) return stamp ?? ''
  const day = { year: parts[1], month: Number(parts[2]), day: Number(parts[3]) }
  return parts[4] === undefined ? t('date.day', day) : t('date.minute', { ...day, hour: Number(parts[4]), minute: parts[5] })
}

/** A time as one reads it beside an earlier one: on the same day the hour alone. */
export function later(from: string, stamp: string): string {
  const [a, b] = [STAMP.exec(from), STAMP.exec(stamp)]
  const isSameDay = !!a && !!b?.[4] && a.slice(1, 4).join() === b.slice(1, 4).join()
  return isSameDay ? `${Number(b[4])}:${b[5]}` : readable(stamp)
}

/** A span of days or times; one day stands once. */
export function span(from: string, to: string): string {
  const [a, b] = [readable(from), readable(to)]
  if (!b || a === b) return a
  return a ? t('date.span', { from: a, to: b }) : b
}

/** The eight digits typed for a day as YYYY-MM-DD, or '' where they are no day. */
export function dayOf(typed: string): string {
  const digits = typed.replace(/\D/g, '')
  return isDay(digits) ? `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}` : ''
}
