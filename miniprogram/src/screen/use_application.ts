// An application's form as one page after the other asks for it: read once, saved at every step, kept while offline.
import { computed, ref, shallowRef } from 'vue'
import { application, saveForm } from '@/api/application'
import { children } from '@/api/guardian'
import { ConnectionLost } from '@/api/problem'
import { schools } from '@/api/public'
import type { Application } from '@/api/types'
import { asked, relevant, type Answers } from '@/season/flow'
import { answersOf, applicationQuestions, formOf } from '@/season/questions/application'
import { draft, dropDraft, saveDraft } from './drafts'
import { ledToLogin } from './use_load'

export function useApplication(id: () => string) {
  const held = shallowRef<Application | null>(null)
  const schoolRows = shallowRef<{ value: string; label: string }[]>([])
  const twinRows = shallowRef<{ value: string; label: string }[]>([])
  const answers = ref<Answers>({})
  const offline = ref(false)
  const error = shallowRef<unknown>(null)
  const questions = computed(() => applicationQuestions(schoolRows.value, twinRows.value))

  async function read() {
    const found = await application(id())
    const [all, family] = await Promise.all([schools(found.banner, found.stage), children()])
    schoolRows.value = all.map((school) => ({ value: school.code, label: school.name }))
    const born = family.find((child) => child.id === found.child_id)?.born_on
    twinRows.value = family
      .filter((child) => child.id !== found.child_id && child.born_on === born)
      .map((child) => ({ value: child.id, label: child.name }))
    answers.value = { ...answersOf(found.form), ...(draft(id()) ?? {}) }
    held.value = found
    return found
  }

  let underWay: Promise<boolean> = Promise.resolve(true)

  /** Keeps the answers on the phone at once and sends the whole form; true where the backend has all of it. */
  function save(): Promise<boolean> {
    saveDraft(id(), answers.value)
    underWay = underWay.then(send)
    return underWay
  }

  /** Sends what was typed and has not arrived, if there is any; true where the backend has all of it. */
  function settle(): Promise<boolean> {
    return draft(id()) ? save() : underWay
  }

  async function send(): Promise<boolean> {
    const sent = answers.value
    try {
      const form = formOf(relevant(questions.value, answers.value), held.value?.form ?? {})
      held.value = await saveForm(id(), form)
      if (answers.value === sent) dropDraft(id())
      offline.value = false
      error.value = null
      return true
    } catch (failure) {
      offline.value = failure instanceof ConnectionLost
      if (!ledToLogin(failure)) error.value = offline.value ? null : failure
      return false
    }
  }

  const open = computed(() => asked(questions.value, answers.value))
  return { held, answers, questions, open, offline, error, read, save, settle }
}
