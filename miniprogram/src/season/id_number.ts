// The citizen's identity number by GB 11643: eighteen characters, a birth date inside, a check character at the end.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** What a person typed, as it is stored: no blanks, the check letter in upper case. */
export function tidyIdNumber(typed: string): string {
  return typed.replace(/[\s\u3000-]/g, '').toUpperCase()
}

/** True where the date exists in the calendar; `text` is YYYYMMDD. */
export function isDay(text: string): boolean {
  if (!/^\d{8}$/.test(text)) return false
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6))]
  const date = new Date(Date.UTC(year, month - 1, day))
  return year >= 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** The catalogue key of what is wrong with the number, or null. */
export function idNumberFault(typed: string): string | null {
  const number = tidyIdNumber(typed)
  if (/^\d{15}$/.test(number)) return 'fault.id-number-15'
  if (!/^\d{17}[\dX]$/.test(number)) return 'fault.id-number-shape'
  if (!isDay(number.slice(6, 14))) return 'fault.id-number-birth'
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(number[i]), 0)
  return CHECKS[sum % 11] === number[17] ? null : 'fault.id-number-check'
}
