// What a page shows while it reads, when it has read, and when reading failed.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { LoggedOut } from '@/api/problem'
import { replace } from './navigation'

export interface Load<T> {
  value: ShallowRef<T | null>
  error: ShallowRef<unknown>
  loading: Ref<boolean>
  /** Read again; what is shown stays until the answer is there. */
  read: () => Promise<void>
}

function here(): string {
  const page = getCurrentPages().slice(-1)[0] as unknown as { $page?: { fullPath?: string }; route?: string } | undefined
  return page?.$page?.fullPath ?? (page?.route ? `/${page.route}` : '')
}

/** Leads to the login where the session is over, and comes back to this page; true where it did. */
export function ledToLogin(error: unknown): boolean {
  if (!(error instanceof LoggedOut)) return false
  replace(error.door === 'exam' ? '/pages/exam/login' : '/pages/login/index', { next: here() })
  return true
}

export function useLoad<T>(reader: () => Promise<T>): Load<T> {
  const value = shallowRef<T | null>(null)
  const error = shallowRef<unknown>(null)
  const loading = ref(false)
  async function read() {
    loading.value = true
    try {
      value.value = await reader()
      error.value = null
    } catch (failure) {
      if (!ledToLogin(failure)) error.value = failure
    } finally {
      loading.value = false
    }
  }
  return { value, error, loading, read }
}
