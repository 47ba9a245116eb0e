// The catalogue of sentences, keyed by code. A further language is a further file with the same keys.
import zhCN from './zh-CN.json'

const catalogue: Record<string, string> = zhCN

/** The sentence of this code with its {blanks} filled in; the code itself where the catalogue has no such sentence. */
export function t(code: string, blanks: Record<string, string | number> = {}): string {
  const sentence = catalogue[code] ?? code
  return sentence.replace(/\{(\w+)\}/g, (blank, name: string) => (name in blanks ? String(blanks[name]) : blank))
}

/** True where the catalogue has a sentence of this code. */
export function has(code: string): boolean {
  return code in catalogue
}

/** The sentence of this code, or what the backend calls it where this phone has no word for it yet. */
export function word(group: string, code: string | null | undefined): string {
  return code && has(`${group}.${code}`) ? t(`${group}.${code}`) : (code ?? '')
}
