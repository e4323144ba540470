import type { StoredEventData } from 'outdial'
import type { Evidence } from '../judge/evidence.js'
import { taskOf } from '../judge/task-name.js'

/** Everything that the carrier and the store say of a task, in the order of time: for whoever wants to know what happened to it. */
export function historyOf({ ledger, jobs }: Evidence, name: string): string[] {
  const told: { at: number; text: string }[] = []
  for (const { kind, ref, at, detail = '' } of ledger) {
    if (taskOf(ref) === name) told.push({ at, text: `carrier  ${kind} ${detail} ${ref}` })
  }
  for (const { record, events } of jobs) {
    for (const { seq, at, data } of events) {
      if (concerns(data, record.id, name)) told.push({ at, text: `store    ${seq} ${JSON.stringify(data)}` })
    }
  }
  return told.sort((a, b) => a.at - b.at).map(({ at, text }) => `${new Date(at).toISOString().slice(11, 23)} ${text}`)
}

function concerns(data: StoredEventData, jobId: string, name: string): boolean {
  if (data.type === 'claimed') return data.indexes.some((index) => `${jobId}:${index}` === name)
  return 'index' in data && `${jobId}:${data.index}` === name
}

/** The tasks that messages are about, each once. */
export function tasksIn(messages: readonly string[]): string[] {
  const names = messages.flatMap((message) => /\b[\w-]+:\d+(?=[: ])/.exec(message)?.[0] ?? [])
  return [...new Set(names)]
}
