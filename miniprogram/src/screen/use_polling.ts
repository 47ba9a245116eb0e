// Asks again while something is still coming, slower each time, and only while the page is seen.
import { onHide, onShow, onUnload } from '@dcloudio/uni-app'

const FIRST = 1500
const LONGEST = 12000

/** `ask` returns true while there is more to wait for. `begin` starts anew from the shortest pause. */
export function usePolling(ask: () => Promise<boolean>): { begin: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let seen = true
  let pause = FIRST

  function later() {
    clearTimeout(timer)
    if (!seen) return
    timer = setTimeout(async () => {
      const more = await ask()
      pause = Math.min(LONGEST, pause * 1.4)
      if (more) later()
    }, pause)
  }

  function begin() {
    pause = FIRST
    later()
  }

  onShow(() => {
    if (!seen) {
      seen = true
      begin()
    }
  })
  onHide(() => {
    seen = false
    clearTimeout(timer)
  })
  onUnload(() => {
    seen = false
    clearTimeout(timer)
  })
  return { begin }
}
