// The names of address units that were chosen on this phone: the backend's forms hold their codes only.
import { units } from '@/api/public'
import type { Unit } from '@/api/types'

const SHELF = 'unit-names'

function shelf(): Record<string, string> {
  const kept: unknown = uni.getStorageSync(SHELF)
  return kept !== null && typeof kept === 'object' ? (kept as Record<string, string>) : {}
}

/** A unit as people say it. */
export function nameOf(unit: Unit): string {
  return `${unit.name}（${unit.banner_name} ${unit.town}）`
}

export function keepUnitName(unit: Unit): void {
  uni.setStorageSync(SHELF, { ...shelf(), [unit.code]: nameOf(unit) })
}

/** The name of a unit by its code: remembered, or asked of the backend; the code itself where nobody knows. */
export async function unitName(code: string | undefined): Promise<string> {
  if (!code) return ''
  const kept = shelf()[code]
  if (kept) return kept
  try {
    const unit = (await units(code)).find((found) => found.code === code)
    if (unit) keepUnitName(unit)
    return unit ? nameOf(unit) : code
  } catch {
    return code
  }
}
