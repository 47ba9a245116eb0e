// Time-locked letters: they lie on the phone before the hour; at it only the short key is asked for.
import type { LockedLetter } from '@/season/open_letter'
import { call } from './ground'
import { Problem } from './problem'
import type { Items } from './types'

const SHELF = 'letters'

/** The letters of this guardian, kept on the phone; without a network those that were kept. */
export async function lockedLetters(): Promise<{ letters: LockedLetter[]; isKept: boolean }> {
  try {
    const letters = (await call<Items<LockedLetter>>('GET', '/api/me/letters')).items
    uni.setStorageSync(SHELF, letters)
    return { letters, isKept: false }
  } catch (failure) {
    const kept: unknown = uni.getStorageSync(SHELF)
    if (failure instanceof Problem || !Array.isArray(kept)) throw failure
    return { letters: kept as LockedLetter[], isKept: true }
  }
}

/** The published key of a batch of letters in hex; null before its hour. */
export async function letterKey(scope: string): Promise<string | null> {
  try {
    return (await call<{ key: string }>('GET', `/api/letters/${encodeURIComponent(scope)}/key`)).key
  } catch (failure) {
    if (failure instanceof Problem && failure.code === 'letters-locked') return null
    throw failure
  }
}
