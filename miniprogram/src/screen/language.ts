// The language this phone speaks: chosen by hand, else by the link that led here; kept also after logging out.
import { LANGUAGES, speak, spoken, type Language } from '@/sentences'

const SHELF = 'language'

function known(code: unknown): Language | null {
  return LANGUAGES.find((language) => language.code === code)?.code ?? null
}

/** Choose it by hand. */
export async function choose(language: Language): Promise<void> {
  await speak(language)
  uni.setStorageSync(SHELF, language)
  name(language)
}

/** The language in the address (`?lang=en`), or what was chosen on this phone before; Chinese where neither is. */
export async function begin(query: Record<string, unknown> | undefined): Promise<void> {
  let asked = known(query?.lang)
  // #ifdef H5
  asked ??= known(new URLSearchParams(location.search).get('lang'))
  // #endif
  const language = asked ?? known(uni.getStorageSync(SHELF)) ?? 'zh-CN'
  try {
    await choose(language)
  } catch {
    name(spoken())
  }
}

/** Put the choice back after everything else on the phone was forgotten. */
export function keep(): void {
  if (spoken() !== 'zh-CN') uni.setStorageSync(SHELF, spoken())
}

function name(language: Language): void {
  // #ifdef H5
  document.documentElement.lang = language
  // #endif
  void language
}
