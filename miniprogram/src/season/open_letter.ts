// Opening a time-locked letter on the phone: the key is held against the fingerprint that was public before the hour.
import { opened } from './aes_gcm'
import { hex, sha256 } from './sha256'

const LABEL = 'sunroll letter 1\n'
const NONCE = 12
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export interface LockedLetter {
  id: string
  scope: string
  reference: string
  opens_at: string
  key_sha256: string
  cipher: string
}

function ofHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.replace(/-/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function ofBase64(text: string): Uint8Array {
  const values = Array.from(text.replace(/=+$/, ''), (letter) => LETTERS.indexOf(letter))
  return Uint8Array.from({ length: Math.floor((values.length * 3) / 4) }, (_, i) => {
    const [at, by] = [Math.floor((i * 4) / 3), i % 3]
    return ((values[at] << (2 + 2 * by)) | (values[at + 1] >> (4 - 2 * by))) & 0xff
  })
}

/** Whether this key (hex) is the one whose fingerprint was told before. */
export function isTheKey(key: string, fingerprint: string): boolean {
  return hex(sha256(ofHex(key))) === fingerprint
}

/** What the letter says under the published key (hex), or null where the letter was changed or belongs to another key. */
export function openLetter(letter: LockedLetter, key: string): string | null {
  const sealed = ofBase64(letter.cipher)
  const label = Uint8Array.from(LABEL, (one) => one.charCodeAt(0))
  const derived = sha256(Uint8Array.from([...label, ...ofHex(key)]))
  const plain = opened(derived, sealed.subarray(0, NONCE), sealed.subarray(NONCE), ofHex(letter.id))
  return plain && decodeURIComponent(Array.from(plain, (value) => `%${value.toString(16).padStart(2, '0')}`).join(''))
}
