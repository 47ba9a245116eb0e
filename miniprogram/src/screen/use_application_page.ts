// A page about one application: its id from the address, the login in between, and what the page reads.
import { ref, type Ref } from 'vue'
import { onLoad, onShow } from '@dcloudio/uni-app'
import { session } from '@/api/session'
import { ofApplication } from './navigation'
import { useLoad, type Load } from './use_load'
import { usePolling } from './use_polling'

interface ApplicationPage<T> {
  id: Ref<string>
  page: Load<T>
}

/** Reads once. `path` is the page's own, for the way back from the login. */
export function useApplicationPage<T>(path: string, reader: (id: string) => Promise<T>): ApplicationPage<T> {
  const id = ref('')
  const page = useLoad(() => reader(id.value))
  onLoad((options) => {
    id.value = options?.id ?? ''
    if (ofApplication(path, id.value)) void page.read()
  })
  return { id, page }
}

/** Reads whenever the page comes into sight, and goes on asking while what was read `moves`. */
export function useMovingPage<T>(path: string, reader: (id: string) => Promise<T>, moves: (read: T) => boolean): ApplicationPage<T> {
  const id = ref('')
  const page = useLoad(() => reader(id.value))
  const isMoving = () => page.value.value !== null && moves(page.value.value)
  const polling = usePolling(async () => {
    await page.read()
    return isMoving()
  })
  onLoad((options) => {
    id.value = options?.id ?? ''
    ofApplication(path, id.value)
  })
  onShow(async () => {
    if (!session.token || !id.value) return
    await page.read()
    if (isMoving()) polling.begin()
  })
  return { id, page }
}
