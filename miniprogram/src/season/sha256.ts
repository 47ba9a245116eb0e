// SHA-256 (FIPS 180-4), for the fingerprint of a published key: neither mini-programs nor pages without https have it.

const turned = (word: number, by: number) => (word >>> by) | (word << (32 - by))

function primes(count: number): number[] {
  const found: number[] = []
  for (let one = 2; found.length < count; one += 1) if (found.every((prime) => one % prime)) found.push(one)
  return found
}

/** The first 32 bits of a root's fraction. */
const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0
const ROUND = primes(64).map((prime) => fraction(Math.cbrt(prime)))
const START = primes(8).map((prime) => fraction(Math.sqrt(prime)))

function mixed(state: number[], view: DataView, at: number): number[] {
  const words = Array.from({ length: 64 }, (_, i) => (i < 16 ? view.getInt32(at + 4 * i) : 0))
  for (let i = 16; i < 64; i += 1) {
    const [early, late] = [words[i - 15], words[i - 2]]
    const first = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)
    const second = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10)
    words[i] = (words[i - 16] + first + words[i - 7] + second) | 0
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let i = 0; i < 64; i += 1) {
    const chosen = (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g))
    const one = (h + chosen + ROUND[i] + words[i]) | 0
    const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) | 0)
}

/** The digest, 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(64 * Math.ceil((data.length + 9) / 64))
  padded.set(data)
  padded[data.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 4, data.length * 8)
  let state = START
  for (let at = 0; at < padded.length; at += 64) state = mixed(state, view, at)
  const digest = new DataView(new ArrayBuffer(32))
  state.forEach((word, i) => digest.setInt32(4 * i, word))
  return new Uint8Array(digest.buffer)
}

/** Bytes as hex digits. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (value) => value.toString(16).padStart(2, '0')).join('')
}
