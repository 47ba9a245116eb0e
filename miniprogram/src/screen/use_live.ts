// The candidate's rank on a page that is seen: watched while it is in sight, never behind another page.
import { computed, onUnmounted, ref, shallowRef } from 'vue'
import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { pushAddress, standing } from '@/api/exam'
import { candidate } from '@/api/exam_session'
import type { Standing } from '@/api/exam_types'
import { age, offsetOf } from '@/exam/clock'
import { lineMoved, type LineMove } from '@/exam/line_moved'
import { LiveWatch, type Line, type LineEnds } from '@/exam/live'
import { ledToLogin } from './use_load'

const TICK = 500

function dial(address: string, ends: LineEnds, count: (text: string) => void): Line {
  const url = `${address}?token=${encodeURIComponent(candidate.token)}`
  const task = uni.connectSocket({ url, complete: () => undefined })
  task.onOpen(() => ends.opened())
  task.onMessage((message) => {
    count(String(message.data))
    ends.heard(String(message.data))
  })
  let over = false
  const closed = () => {
    if (!over) ends.closed()
    over = true
  }
  task.onClose(closed)
  task.onError(closed)
  return { send: (text) => task.send({ data: text }), close: () => task.close({}) }
}

/** The newest standing, whether it is pushed, the service's time, and the bytes this page has used. */
export function useLive() {
  const told = shallowRef<Standing | null>(null)
  const by = ref<'push' | 'poll'>('poll')
  const moved = shallowRef<LineMove | null>(null)
  const error = shallowRef<unknown>(null)
  const offset = ref(0)
  const moment = ref(Date.now())
  const bytes = ref(0)
  let etag = ''
  let begun = false

  let address = ''

  /** Where the push process is, is asked once; while that is not known, a line counts as closed. */
  function dialled(ends: LineEnds): Line {
    if (address) return dial(address, ends, (text) => (bytes.value += text.length))
    pushAddress().then(
      (found) => {
        address = found
        ends.closed()
      },
      () => ends.closed(),
    )
    return { send: () => undefined, close: () => undefined }
  }

  async function read(): Promise<Standing | null> {
    const asked = Date.now()
    const found = await standing(etag)
    etag = found.etag
    bytes.value += 300 + (found.value ? JSON.stringify(found.value).length : 0)
    if (found.value?.server_time) offset.value = offsetOf(found.value.server_time, asked, Date.now())
    return found.value
  }

  const watch = new LiveWatch({
    read,
    dial: dialled,
    later: (milliseconds, act) => {
      const timer = setTimeout(act, milliseconds)
      return () => clearTimeout(timer)
    },
    chance: () => Math.random(),
    tell: (standing, way) => {
      if (way === 'push' && standing.server_time) offset.value = offsetOf(standing.server_time, Date.now(), Date.now())
      if (told.value && told.value.unit !== standing.unit) moved.value = null
      moved.value = lineMoved(told.value, standing) ?? moved.value
      told.value = standing
      by.value = way
    },
    trouble: (failure) => {
      if (failure === null || !ledToLogin(failure)) error.value = failure
    },
  })
  const ticking = setInterval(() => (moment.value = Date.now()), TICK)

  onShow(() => {
    if (!candidate.token) return
    watch.start(begun)
    begun = true
  })
  onHide(() => watch.stop())
  onUnload(() => watch.stop())
  onUnmounted(() => {
    watch.stop()
    clearInterval(ticking)
  })

  const now = computed(() => moment.value + offset.value)
  return {
    told,
    by,
    moved,
    error,
    bytes,
    offset,
    age: computed(() => age(told.value?.confirmed_at ?? told.value?.published_at, now.value)),
  }
}
