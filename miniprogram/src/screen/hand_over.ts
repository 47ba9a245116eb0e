// The WeChat login code that the chat hands over in the address: ?wx_code=… before or behind the hash.

let waiting = ''

/** The code in the address or in the page's parameters, or ''. */
export function handedOverCode(query: Record<string, unknown> | undefined): string {
  const inPage = query?.wx_code
  if (typeof inPage === 'string' && inPage) return inPage
  // #ifdef H5
  return new URLSearchParams(location.search).get('wx_code') ?? ''
  // #endif
  // #ifndef H5
  return ''
  // #endif
}

/** Keep the code for the login page and take it out of the address: it works once and belongs to one person. */
export function keepHandedOver(code: string): void {
  if (!code) return
  waiting = code
  // #ifdef H5
  const address = new URL(location.href)
  address.searchParams.delete('wx_code')
  history.replaceState(history.state, '', address.pathname + address.search + address.hash)
  // #endif
}

/** The waiting code, once. */
export function takeHandedOver(): string {
  const code = waiting
  waiting = ''
  return code
}

/** True while a code waits to be used by the login page. */
export function mayHaveHandedOver(): boolean {
  return waiting !== ''
}
