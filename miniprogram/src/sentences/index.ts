// The catalogue of sentences, keyed by code, in the language that the person chose.
// The JSON files are the phone's part of the one catalogue in backend/notices/sentences; sunroll/phone_sentences.py writes them.
import { ref, shallowReactive } from 'vue'
import { isBinding } from './binding'
import zhCN from './zh-CN.json'
// #ifndef H5
import english from './en.json'
import mongolian from './mn-Mong.json'
// #endif

export type Language = 'zh-CN' | 'mn-Mong' | 'en'
type Catalogue = Record<string, string>

/** The languages as each of them calls itself; the first one is the one that binds. */
export const LANGUAGES: { code: Language; name: string }[] = [
  { code: 'zh-CN', name: '简体中文' },
  { code: 'mn-Mong', name: 'ᠮᠣᠩᠭᠣᠯ' },
  { code: 'en', name: 'English' },
]

const chosen = ref<Language>('zh-CN')
const catalogues = shallowReactive<Partial<Record<Language, Catalogue>>>({ 'zh-CN': zhCN })
// #ifndef H5
Object.assign(catalogues, { en: english, 'mn-Mong': mongolian })
// #endif

/** On the web a further language is fetched when somebody chooses it; the package of the mini-program holds them all. */
async function fetched(language: Language): Promise<Catalogue> {
  // #ifdef H5
  if (language === 'en') return (await import('./en.json')).default
  if (language === 'mn-Mong') return (await import('./mn-Mong.json')).default
  // #endif
  return catalogues[language] ?? zhCN
}

/** Speak this language from now on. Until its sentences are there, and where they cannot be had, Chinese stays. */
export async function speak(language: Language): Promise<void> {
  catalogues[language] ??= await fetched(language)
  chosen.value = language
}

export function spoken(): Language {
  return chosen.value
}

/** True where this text is written from top to bottom, the columns from left to right. */
export function isVertical(): boolean {
  return chosen.value === 'mn-Mong'
}

function filled(sentence: string, blanks: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (blank, name: string) => (name in blanks ? String(blanks[name]) : blank))
}

/**
 * The sentence of this code with its {blanks} filled in; the code itself where the catalogue has no such sentence.
 * A binding sentence in another language has the Chinese one below it: that one counts.
 */
export function t(code: string, blanks: Record<string, string | number> = {}): string {
  const chinese = (zhCN as Catalogue)[code] ?? code
  const own = chosen.value === 'zh-CN' ? undefined : catalogues[chosen.value]?.[code]
  if (own === undefined || own === chinese) return filled(chinese, blanks)
  return isBinding(code) ? `${filled(own, blanks)}\n${filled(chinese, blanks)}` : filled(own, blanks)
}

/** True where the catalogue has a sentence of this code. */
export function has(code: string): boolean {
  return code in zhCN
}

/** The sentence of this code, or what the backend calls it where this phone has no word for it yet. */
export function word(group: string, code: string | null | undefined): string {
  return code && has(`${group}.${code}`) ? t(`${group}.${code}`) : (code ?? '')
}
