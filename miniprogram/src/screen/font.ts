// The typeface of traditional Mongolian: Noto Sans Mongolian, from the service's own address, only where it is wanted.
import { ORIGIN } from '@/api/origin'

const FAMILY = 'Noto Sans Mongolian'
const FILE = '/phone/fonts/noto-sans-mongolian.woff2'

let asked = false

/** Load it once. Without it the phone's own Mongolian typeface stands, where it has one. */
export function font(): void {
  if (asked) return
  asked = true
  // #ifdef H5
  const face = new FontFace(FAMILY, `url(${FILE})`, { display: 'swap' })
  face.load().then((loaded) => (document.fonts as unknown as Set<FontFace>).add(loaded), again)
  // #endif
  // #ifndef H5
  uni.loadFontFace({ global: true, family: FAMILY, source: `url("${ORIGIN}${FILE}")`, fail: again })
  // #endif
}

function again(): void {
  asked = false
}
