// Idempotency keys. A deed (a request that changes something) keeps its key until an answer has come,
// also when the page is closed in between: so the second attempt is the same deed and never a second receipt.

/** What a phone's small storage offers. */
export interface Store {
  get(name: string): unknown
  set(name: string, value: unknown): void
}

interface Kept {
  key: string
  at: number
}

const SHELF = 'deeds'
const KEPT_FOR = 48 * 3600 * 1000

/** A 53-bit fingerprint of a text (cyrb53). Tells deeds apart; it is no protection of secrets. */
export function fingerprint(text: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36)
}

/** A random UUID (version 4), also where `crypto.randomUUID` is missing (mini-programs, plain http). */
export function newKey(): string {
  const bytes = new Uint8Array(16)
  const source = (globalThis as { crypto?: Crypto }).crypto
  if (source?.getRandomValues) source.getRandomValues(bytes)
  else for (let i = 0; i < 16; i++) bytes[i] = Math.floor(Math.random() * 256)
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function shelf(store: Store, now: number): Record<string, Kept> {
  const all = store.get(SHELF)
  const kept = all !== null && typeof all === 'object' ? (all as Record<string, Kept>) : {}
  return Object.fromEntries(Object.entries(kept).filter(([, deed]) => now - deed.at < KEPT_FOR))
}

/** The key of this deed: the one already in use where it was begun before, else a new one. */
export function keyOf(store: Store, deed: string, now: number): string {
  const kept = shelf(store, now)
  const name = fingerprint(deed)
  kept[name] ??= { key: newKey(), at: now }
  store.set(SHELF, kept)
  return kept[name].key
}

/** The deed has its answer; doing the same again is a new deed. */
export function settle(store: Store, deed: string, now: number): void {
  const kept = shelf(store, now)
  delete kept[fingerprint(deed)]
  store.set(SHELF, kept)
}
