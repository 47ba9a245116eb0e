// Which papers an application asks for and how each of them stands.
import type { Application, Paper } from '@/api/types'

/** After the second retake a person looks at the picture; nobody is sent back a third time. */
export const MOST_ATTEMPTS = 3

export interface PaperStand {
  kind: string
  name: string
  why: string
  latest: Paper | null
}

/** One row a kind of paper: those the application asks for, then any others that were sent; each with its latest picture. */
export function standOf(application: Pick<Application, 'papers'>, sent: Paper[]): PaperStand[] {
  const rows = new Map<string, PaperStand>()
  for (const asked of application.papers) {
    const name = asked.name ?? asked.kind_name ?? asked.kind
    rows.set(asked.kind, { kind: asked.kind, name, why: asked.why ?? '', latest: null })
  }
  for (const paper of sent) {
    const row = rows.get(paper.kind) ?? { kind: paper.kind, name: paper.kind_name, why: '', latest: null }
    if (!row.latest || paper.attempt >= row.latest.attempt) row.latest = paper
    rows.set(paper.kind, row)
  }
  return [...rows.values()]
}

/** How many more times this picture may be taken again before a person looks. */
export function retakesLeft(paper: Paper): number {
  return Math.max(0, MOST_ATTEMPTS - paper.attempt)
}

/** True where a picture of this paper is wanted now: there is none, or the backend (a machine or a person) asks for another. */
export function isWanted(stand: PaperStand): boolean {
  return !stand.latest || stand.latest.state === 'retake'
}

const SLOW_AFTER = 120_000

/** True where the verdict takes longer than usual: nobody should stand waiting, and another picture may be sent. */
export function isSlow(paper: Paper, now: number): boolean {
  return paper.state === 'waiting' && paper.attached_at !== undefined && now - Date.parse(paper.attached_at) > SLOW_AFTER
}

/** True while some picture waits for its verdict. */
export function anyWaiting(stands: PaperStand[]): boolean {
  return stands.some((stand) => stand.latest?.state === 'waiting')
}

/** True where every paper that is asked for has been sent and none has to be taken again. */
export function allSent(stands: PaperStand[]): boolean {
  return stands.every((stand) => stand.latest && stand.latest.state !== 'retake')
}
