// A login that another app hands over in the address: ?wx_code=… from the chat, ?portal_ticket=… from 蒙速办.

export interface HandedOver {
  from: 'wechat' | 'portal'
  code: string
}

const NAMES = { wx_code: 'wechat', portal_ticket: 'portal' } as const

let waiting: HandedOver | null = null

/** What is in the page's parameters or, before the hash, in the address; null where nothing was handed over. */
export function handedOver(query: Record<string, unknown> | undefined): HandedOver | null {
  for (const [name, from] of Object.entries(NAMES)) {
    const inPage = query?.[name]
    if (typeof inPage === 'string' && inPage) return { from, code: inPage }
    // #ifdef H5
    const code = new URLSearchParams(location.search).get(name)
    if (code) return { from, code }
    // #endif
  }
  return null
}

/** Keep it for the login page and take it out of the address: it works once and belongs to one person. */
export function keepHandedOver(handed: HandedOver | null): void {
  if (!handed) return
  waiting = handed
  // #ifdef H5
  const address = new URL(location.href)
  for (const name of Object.keys(NAMES)) address.searchParams.delete(name)
  history.replaceState(history.state, '', address.pathname + address.search + address.hash)
  // #endif
}

/** What waits, once. */
export function takeHandedOver(): HandedOver | null {
  const handed = waiting
  waiting = null
  return handed
}

/** True while something waits to be used by the login page. */
export function mayHaveHandedOver(): boolean {
  return waiting !== null
}
