// Which candidate of the senior-high exam is logged in on this phone; apart from the family's own login.
import { reactive } from 'vue'
import { newKey } from './deeds'

const SHELF = 'candidate'
const DEVICE = 'device'

interface Candidate {
  token: string
  name: string
  number: string
}

function restored(): Candidate {
  const kept: unknown = uni.getStorageSync(SHELF)
  const empty = { token: '', name: '', number: '' }
  return kept !== null && typeof kept === 'object' ? { ...empty, ...(kept as Partial<Candidate>) } : empty
}

export const candidate = reactive<Candidate>(restored())

export function beginExam(begun: Candidate): void {
  Object.assign(candidate, begun)
  uni.setStorageSync(SHELF, { ...candidate })
}

export function endExam(): void {
  Object.assign(candidate, { token: '', name: '', number: '' })
  uni.removeStorageSync(SHELF)
}

/** A name of this phone by which a candidate recognises it in the diary of changes; it says nothing about the phone. */
export function device(): string {
  const kept: unknown = uni.getStorageSync(DEVICE)
  if (typeof kept === 'string' && kept) return kept
  const made = newKey()
  uni.setStorageSync(DEVICE, made)
  return made
}
