// Something a person does with one press: one at a time, with what went wrong kept for the page.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { ledToLogin } from './use_load'

export interface Deed<A extends unknown[]> {
  busy: Ref<boolean>
  error: ShallowRef<unknown>
  /** Does it; a second press while the first is under way does nothing. True where it succeeded. */
  run: (...args: A) => Promise<boolean>
}

export function useDeed<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Deed<A> {
  const busy = ref(false)
  const error = shallowRef<unknown>(null)
  async function run(...args: A): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = null
    try {
      await act(...args)
      return true
    } catch (failure) {
      if (!ledToLogin(failure)) error.value = failure
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run }
}
