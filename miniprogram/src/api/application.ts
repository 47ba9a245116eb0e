// One child's application: from the draft to the confirmed place.
import { call } from './ground'
import type { Application, ApplicationForm, DiaryEntry, Items, Objection, OwnClass, Paper, Result, Stage, Strokes, TwinWish, WaitingLine } from './types'

const at = (id: string) => `/api/applications/${encodeURIComponent(id)}`

export function openApplication(child: string, banner: string, stage: Stage): Promise<Application> {
  return call('POST', '/api/applications', { body: { child_id: child, banner, stage } })
}

export function application(id: string): Promise<Application> {
  return call('GET', at(id))
}

export function saveForm(id: string, form: ApplicationForm): Promise<Application> {
  return call('PUT', `${at(id)}/form`, { body: { ...form } })
}

export async function papers(id: string): Promise<Paper[]> {
  return (await call<Items<Paper>>('GET', `${at(id)}/papers`)).items
}

/** Send one photograph; `picture` is the path that the camera or the album gave. */
export function sendPaper(id: string, kind: string, picture: string): Promise<Paper> {
  return call('POST', `${at(id)}/papers`, { body: { kind }, picture })
}

export function submit(id: string): Promise<{ receipt: string; submitted_at: string }> {
  return call('POST', `${at(id)}/submission`, { body: {} })
}

export function withdraw(id: string, reason: string): Promise<unknown> {
  return call('POST', `${at(id)}/withdrawal`, { body: { reason } })
}

export async function diary(id: string): Promise<DiaryEntry[]> {
  return (await call<Items<DiaryEntry>>('GET', `${at(id)}/diary`)).items
}

export function dispute(check: string, text: string): Promise<unknown> {
  return call('POST', `/api/checks/${encodeURIComponent(check)}/dispute`, { body: { text } })
}

export function choose(id: string, schools: string[]): Promise<unknown> {
  return call('POST', `${at(id)}/choices`, { body: { schools } })
}

export function result(id: string): Promise<Result> {
  return call('GET', `${at(id)}/result`)
}

export function confirmPlace(id: string): Promise<unknown> {
  return call('POST', `${at(id)}/confirmation`, { body: {} })
}

export function declinePlace(id: string): Promise<unknown> {
  return call('POST', `${at(id)}/decline`, { body: {} })
}

/** Says that the decision about this application is wrong; another official looks anew. */
export function appeal(id: string, text: string): Promise<unknown> {
  return call('POST', `${at(id)}/appeal`, { body: { text } })
}

/** Objects to the published result; one objection at a time. */
export function object(id: string, text: string): Promise<{ receipt: string; answer_by: string }> {
  return call('POST', `${at(id)}/objections`, { body: { text } })
}

export async function objections(id: string): Promise<Objection[]> {
  return (await call<Items<Objection>>('GET', `${at(id)}/objections`)).items
}

export function ownClass(id: string): Promise<OwnClass> {
  return call('GET', `${at(id)}/class`)
}

/** The family's wish for its twins, until the school's plan is published. */
export function wishForTwins(id: string, wish: TwinWish): Promise<OwnClass> {
  return call('PUT', `${at(id)}/class/twins`, { body: { wish } })
}

/** Signs that the class was seen; signed once. */
export function signClass(id: string, strokes: Strokes): Promise<OwnClass> {
  return call('POST', `${at(id)}/class/signature`, { body: { strokes } })
}

export async function waitingLines(id: string): Promise<WaitingLine[]> {
  return (await call<{ lines: WaitingLine[] }>('GET', `${at(id)}/waiting`)).lines
}
