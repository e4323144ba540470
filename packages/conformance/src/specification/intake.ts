import { type Area, rules } from './rule.js'

export const INTAKE: Area = {
  title: 'Adding tasks',
  about: 'A list of tasks is read as a stream and appears whole: a batch is opened, staged chunk by chunk, and sealed.',
  rules: rules('core', {
    'S-020': 'hide what was staged until its batch is sealed, and show all of it then',
    'S-021':
      'keep others out with `batch_busy` while a batch is open, until it has been idle for a minute; what takes its place makes it `batch_discarded`',
    'S-022': 'discard an open batch at once in favour of another of the same key',
    'S-023': 'answer what a sealed batch became to whoever opens one of its key, and add nothing',
    'S-024': 'answer a chunk again that is repeated, and refuse a gap with `sequence_broken`',
    'S-025':
      'refuse to seal another number of tasks than are stored with `batch_incomplete`, and take the right number after that',
    'S-026':
      'leave out tasks whose key is known, of this batch or before, and say whose it is; only in a job that dedupes',
    'S-027': 'leave no trace of a discarded batch: no task, no lane, no key that makes others duplicates',
    'S-028': 'forget a job that never had a sealed batch with its discarded one, and its idempotency key',
    'S-029': 'not offer a task before its `notBefore`, and offer it then',
    'S-030': 'let a running job grow, with indexes that go on from the last',
    'S-031': 'answer a seal again that is repeated',
    'S-032':
      'refuse batches of a job that has ended or was swept with `illegal_transition`, but answer the sealed ones',
    'S-033': 'answer `job_not_found` to whoever opens a batch of a job that is not there',
    'S-034': 'leave an open batch as it is when the same one is opened again',
    'S-035': 'let nobody but the one be added when two batches are opened at the same time',
  }),
}
