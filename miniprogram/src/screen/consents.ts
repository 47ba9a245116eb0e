// The consents just given, on their way from the consent page to the registration.

export interface GivenConsent {
  purpose: string
  sha256: string
}

/** Letting somebody else file is asked where it is done, not when a child is registered. */
export const HELPER_PURPOSE = 'helper'

const SHELF = 'consents'

export function keepConsents(given: GivenConsent[]): void {
  uni.setStorageSync(SHELF, given)
}

/** The consents given on this phone for the next child; empty where none were. */
export function givenConsents(): GivenConsent[] {
  const kept: unknown = uni.getStorageSync(SHELF)
  return Array.isArray(kept) ? (kept as GivenConsent[]) : []
}

/** A consent is given for one child: it is not carried over to the next. */
export function dropConsents(): void {
  uni.removeStorageSync(SHELF)
}
