// What was typed and not yet received by the backend, kept on the phone so that a lost connection loses nothing.
import type { Answers } from '@/season/flow'

const PREFIX = 'draft:'

export function saveDraft(name: string, answers: Answers, secrets: string[] = []): void {
  const kept = Object.fromEntries(Object.entries(answers).filter(([code]) => !secrets.includes(code)))
  uni.setStorageSync(PREFIX + name, kept)
}

export function draft(name: string): Answers | null {
  const kept: unknown = uni.getStorageSync(PREFIX + name)
  return kept !== null && typeof kept === 'object' ? (kept as Answers) : null
}

export function dropDraft(name: string): void {
  uni.removeStorageSync(PREFIX + name)
}
