// Time-locked letters: opened as the service locks them, and only by the key whose fingerprint was told before.
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { opened } from '@/season/aes_gcm'
import { isTheKey, openLetter, type LockedLetter } from '@/season/open_letter'
import { sha256 } from '@/season/sha256'

function sealed(key: Uint8Array, nonce: Uint8Array, text: Uint8Array, bound: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(bound)
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

function locked(text: string, key: Buffer): LockedLetter {
  const id = randomBytes(16)
  const nonce = randomBytes(12)
  const derived = createHash('sha256').update('sunroll letter 1\n').update(key).digest()
  const cipher = Buffer.concat([nonce, sealed(derived, nonce, Buffer.from(text), id)]).toString('base64')
  const written = id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  const fingerprint = createHash('sha256').update(key).digest('hex')
  return { id: written, scope: 's', reference: 'r', opens_at: '2026-07-15T10:00:00+08:00', key_sha256: fingerprint, cipher }
}

describe('what the phone computes', () => {
  it('is SHA-256 for texts of every length around a block', () => {
    for (let length = 0; length < 140; length += 1) {
      const data = randomBytes(length)
      expect(Buffer.from(sha256(data)).equals(createHash('sha256').update(data).digest())).toBe(true)
    }
  })

  it('is AES-256-GCM for texts and bindings of many lengths', () => {
    for (let length = 0; length < 70; length += 3) {
      const [key, nonce, text, bound] = [randomBytes(32), randomBytes(12), randomBytes(length), randomBytes(length % 37)]
      const found = opened(key, nonce, sealed(key, nonce, text, bound), bound)
      expect(found && Buffer.from(found).equals(text)).toBe(true)
    }
  })
})

describe('a letter', () => {
  const key = randomBytes(16)
  const letter = locked('ᠰᠢᠨ᠎ᠡ 小明分到了演练第一小学。', key)

  it('says under its key what was written, and the key is the one that was told of', () => {
    expect(isTheKey(key.toString('hex'), letter.key_sha256)).toBe(true)
    expect(openLetter(letter, key.toString('hex'))).toBe('ᠰᠢᠨ᠎ᠡ 小明分到了演练第一小学。')
  })

  it('stays closed under another key, under another name, and where a bit was changed', () => {
    const other = randomBytes(16).toString('hex')
    expect(isTheKey(other, letter.key_sha256)).toBe(false)
    expect(openLetter(letter, other)).toBeNull()
    expect(openLetter({ ...letter, id: locked('x', key).id }, key.toString('hex'))).toBeNull()
    const bytes = Buffer.from(letter.cipher, 'base64')
    bytes[20] ^= 1
    expect(openLetter({ ...letter, cipher: bytes.toString('base64') }, key.toString('hex'))).toBeNull()
  })
})
