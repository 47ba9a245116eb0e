// A text that somebody writes to an office: kept on the phone until it is received, sent with one press.
import { ref, watch } from 'vue'
import { draft, dropDraft, saveDraft } from './drafts'
import { useDeed } from './use_deed'

/** `shelf` names where the draft is kept; `send` hands it over; `then` reads the page again. */
export function useWriting(shelf: () => string, send: (text: string) => Promise<unknown>, then: () => Promise<void>) {
  const text = ref('')
  const sent = ref(false)
  watch(shelf, (name) => (text.value = draft(name)?.text ?? ''))

  function write(words: string) {
    text.value = words
    saveDraft(shelf(), { text: words })
  }

  const sending = useDeed(async () => {
    await send(text.value.trim())
    dropDraft(shelf())
    sent.value = true
    await then()
  })
  return { text, sent, write, sending }
}
