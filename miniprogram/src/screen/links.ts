// Links in messages: they point at this app's own pages, nowhere else.

/** The page a message's link leads to, or '' where it is not one of ours. Accepts `…/phone/#/pages/x/y?z` and `/pages/x/y?z`. */
export function pageOfLink(link: string | null): string {
  const found = /(?:^|\/phone\/#)(\/pages\/[a-z]+\/[a-z]+(?:\?[\w=&%.-]*)?)$/.exec(link ?? '')
  return found ? found[1] : ''
}
