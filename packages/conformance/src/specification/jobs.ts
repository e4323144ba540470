import { type Area, rules } from './rule.js'

export const MANIFEST: Area = {
  title: 'Capabilities',
  about: 'What a store can do is data on it, read when an engine is made.',
  rules: rules('core', {
    'S-001': 'say for which version of the port it was written',
    'S-002': 'show the same capabilities as long as it lives, whatever is done with it',
    'S-003': 'name a batch size and a number of channels that are whole numbers from 1',
    'S-004':
      'answer an exchange that asks for durability if it claims it, and refuse it with `not_durable`, changing nothing, if it does not',
  }),
}

export const JOBS: Area = {
  title: 'Creating jobs',
  about:
    'A job is made once, however often that is asked for, and is nobody’s business before its first batch is there.',
  rules: rules('core', {
    'S-010': 'answer a new job as it was given, without tasks, neither replayed nor sealed',
    'S-011': 'neither show nor offer a job before its first batch is sealed',
    'S-012':
      'answer the job that is there for the same organization and idempotency key, as replayed, and whether it was sealed',
    'S-013': 'refuse the idempotency key of a different request with `idempotency_conflict`, changing nothing',
    'S-014': 'keep the idempotency keys of organizations apart',
    'S-015': 'make one job of requests with the same idempotency key that come at the same time',
    'S-016': 'set the limits that come with a job',
    'S-017': 'answer a creation without an idempotency key again when it is repeated',
  }),
}
