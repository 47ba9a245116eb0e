// AES-256-GCM (FIPS 197, NIST SP 800-38D), opening only: neither mini-programs nor pages without https have it built in.
// It opens what was public from the beginning with a key that everybody has, so that no timing has to be hidden.

const ROUNDS = 14
const BLOCK = 16
const POLYNOMIAL = 0x11b

/** The product of two bytes in AES's field. */
function times(a: number, b: number): number {
  let product = 0
  for (let [x, y] = [a, b]; y; y >>= 1) {
    if (y & 1) product ^= x
    x = x & 0x80 ? (x << 1) ^ POLYNOMIAL : x << 1
  }
  return product
}

/** The substitution: the inverse in the field, then the affine map. */
const BOX = Uint8Array.from({ length: 256 }, (_, value) => {
  let inverse = 0
  for (let guess = 1; value && guess < 256; guess += 1) {
    if (times(value, guess) === 1) inverse = guess
  }
  let mapped = 0x63
  for (let turn = 0; turn < 5; turn += 1) mapped ^= ((inverse << turn) | (inverse >> (8 - turn))) & 0xff
  return mapped
})

function roundKeys(key: Uint8Array): Uint8Array {
  const keys = new Uint8Array(BLOCK * (ROUNDS + 1))
  keys.set(key)
  for (let at = 32, turn = 1; at < keys.length; at += 4) {
    const word = keys.slice(at - 4, at)
    if (at % 32 === 0) {
      word.set([BOX[word[1]] ^ turn, BOX[word[2]], BOX[word[3]], BOX[word[0]]])
      turn = times(turn, 2)
    } else if (at % 32 === BLOCK) {
      word.forEach((value, i) => (word[i] = BOX[value]))
    }
    word.forEach((value, i) => (keys[at + i] = keys[at + i - 32] ^ value))
  }
  return keys
}

function cipher(keys: Uint8Array, block: Uint8Array): Uint8Array {
  let state = block.map((value, i) => value ^ keys[i])
  for (let round = 1; round <= ROUNDS; round += 1) {
    const moved = state.map((_, i) => BOX[state[(i + 4 * (i % 4)) % BLOCK]])
    const mixed =
      round === ROUNDS
        ? moved
        : moved.map((value, i) => {
            const at = (step: number) => moved[(i & ~3) + ((i + step) & 3)]
            return times(value, 2) ^ times(at(1), 3) ^ at(2) ^ at(3)
          })
    state = mixed.map((value, i) => value ^ keys[round * BLOCK + i])
  }
  return state
}

/** The product of two blocks in GHASH's field: bits from the left, x^128 + x^7 + x^2 + x + 1. */
function product(one: Uint8Array, other: Uint8Array): Uint8Array {
  const sum = new Uint8Array(BLOCK)
  const moving = other.slice()
  for (let bit = 0; bit < 128; bit += 1) {
    if ((one[bit >> 3] >> (7 - (bit & 7))) & 1) moving.forEach((value, i) => (sum[i] ^= value))
    const carried = moving[BLOCK - 1] & 1
    for (let i = BLOCK - 1; i > 0; i -= 1) moving[i] = (moving[i] >> 1) | ((moving[i - 1] & 1) << 7)
    moving[0] = (moving[0] >> 1) ^ (carried ? 0xe1 : 0)
  }
  return sum
}

function hashed(under: Uint8Array, bound: Uint8Array, text: Uint8Array): Uint8Array {
  let sum: Uint8Array = new Uint8Array(BLOCK)
  const lengths = new Uint8Array(BLOCK)
  const view = new DataView(lengths.buffer)
  view.setUint32(4, bound.length * 8)
  view.setUint32(12, text.length * 8)
  for (const part of [bound, text, lengths]) {
    for (let at = 0; at < part.length; at += BLOCK) {
      const block = part.subarray(at, at + BLOCK)
      const added = sum.map((value, i) => value ^ (block[i] ?? 0))
      sum = product(added, under)
    }
  }
  return sum
}

/** What was sealed under `key` (32 bytes) with `nonce` (12) and bound to `bound`, or null where key or bytes are others. */
export function opened(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, bound: Uint8Array): Uint8Array | null {
  const keys = roundKeys(key)
  const text = sealed.subarray(0, sealed.length - BLOCK)
  const counter = new Uint8Array(BLOCK)
  const view = new DataView(counter.buffer)
  counter.set(nonce)
  view.setUint32(12, 1)
  const mask = cipher(keys, counter)
  const tag = hashed(cipher(keys, new Uint8Array(BLOCK)), bound, text).map((value, i) => value ^ mask[i])
  if (sealed.length < BLOCK || tag.some((value, i) => value !== sealed[text.length + i])) return null
  const plain = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += BLOCK) {
    view.setUint32(12, at / BLOCK + 2)
    const stream = cipher(keys, counter)
    text.subarray(at, at + BLOCK).forEach((value, i) => (plain[at + i] = value ^ stream[i]))
  }
  return plain
}
