// The catalogue and the source agree: every sentence that is asked for stands in it, and none stands there unused.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { LANGUAGES, has, isVertical, speak, spoken, t } from '@/sentences'
import english from '@/sentences/en.json'
import mongolian from '@/sentences/mn-Mong.json'
import zhCN from '@/sentences/zh-CN.json'

const SRC = join(__dirname, '..', 'src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(vue|ts)$/.test(name))
const source = files.map((name) => readFileSync(join(SRC, name), 'utf8')).join('\n')
const keys = Object.keys(zhCN)
const groups = new Set(keys.map((key) => key.split('.')[0]))

/** Groups whose codes come from the backend or are put together: state.draft, window.open, … */
const TOLD = [...source.matchAll(/(?:word\('|t\(`)([a-z-]+(?:\.[a-z-]+)*)['.](?:,|\$)/g)].map((found) => found[1])

describe('the catalogue', () => {
  it('holds every sentence that the source names', () => {
    const named = [...source.matchAll(/'([a-z-]+\.[a-z0-9_.-]+)'/g)].map((found) => found[1])
    const missing = named.filter((key) => !key.endsWith('.') && groups.has(key.split('.')[0]) && !has(key))
    expect([...new Set(missing)]).toEqual([])
  })

  it('holds no sentence that nobody asks for', () => {
    const unused = keys.filter(
      (key) => !source.includes(`'${key}'`) && !TOLD.some((group) => key.startsWith(`${group}.`)),
    )
    expect(unused).toEqual([])
  })

  it('fills the blanks and leaves unknown blanks visible', () => {
    expect(t('flow.place', { place: 2, of: 7 })).toBe('第 2 步，共 7 步')
    expect(t('flow.place', { place: 2 })).toContain('{of}')
  })
})

describe('a language', () => {
  afterEach(() => speak('zh-CN'))

  it('is whole: every sentence stands in it', () => {
    for (const catalogue of [english, mongolian]) expect(Object.keys(catalogue).sort()).toEqual(Object.keys(zhCN).sort())
  })

  it('is spoken after it was chosen, and Chinese stands beside what binds', async () => {
    for (const { code } of LANGUAGES.slice(1)) {
      await speak(code)
      expect(spoken()).toBe(code)
      const [own, chinese] = t('result.confirm.text').split('\n')
      expect(chinese).toBe(zhCN['result.confirm.text'])
      expect(own).not.toBe(chinese)
      expect(t('flow.next')).not.toContain('下一步')
    }
  })

  it('of Mongolian is vertical, the others are not', async () => {
    expect(isVertical()).toBe(false)
    await speak('mn-Mong')
    expect(isVertical()).toBe(true)
  })
})
