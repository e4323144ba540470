import type { CallJob } from '@outdial/core'
import { taskView } from './item-view.js'

/** Results of a campaign: the engine's own CSV, or a contact a line as the API shows it. */
export async function* resultsText(id: string, job: CallJob, format: 'csv' | 'jsonl'): AsyncGenerator<string> {
  if (format === 'csv') yield* job.results('csv')
  else for await (const task of job.tasks()) yield `${JSON.stringify(taskView(id, task))}\n`
}
