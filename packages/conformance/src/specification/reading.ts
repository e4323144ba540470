import { type Area, rules } from './rule.js'

export const READING: Area = {
  title: 'Reading, and the event log',
  about: 'What a store cannot show cannot be proven: observation is part of the port.',
  rules: rules('core', {
    'S-140': 'number the events of a job from 1 without gaps, at times that never go back',
    'S-141': 'tell the whole story of a job by its events: replayed, they give the tasks and the state of now',
    'S-142': 'say which events are gone, with the job as of the last event, instead of leaving them out',
    'S-143': 'page through events by sequence number, with the last one there is',
    'S-144': 'count from the ground truth what its counters say',
    'S-145': 'list jobs by organization and state, page by page, each once, in the order in which they were made',
    'S-146': 'lose no job between two pages when another is purged',
    'S-147': 'scan tasks by index, page by page, filtered by place',
    'S-148':
      'answer `undefined` for a job, task, key or live attempt that is not there, and `job_not_found` where a job is needed',
    'S-149': 'say when the next waiting task is due, if none is due now',
    'S-150': 'hand out copies: nobody changes a store by changing what was read or given',
  }),
}

export const REMOVAL: Area = {
  title: 'Redacting and purging',
  about: 'What is known of a person can be removed, and a job that is over.',
  rules: rules('core', {
    'S-155':
      'remove payload, memo and results of a task that has ended, from the event log and repeated replies too, and keep its counters',
    'S-156':
      'refuse to redact a task that has not ended with `task_not_ended`, and one that is not there with `task_not_found`',
    'S-157': 'purge a job that has ended with everything of it, also when that is repeated',
    'S-158': 'refuse to purge a job that has not ended with `job_not_ended`',
  }),
}

export const PACED: Area = {
  title: 'Pace',
  about: 'A pace is a rate and a burst per key, for all workers together (guarantee G5).',
  rules: rules('paced', {
    'S-160': 'start at most rate × T + burst in any window of length T, whatever is asked for and when',
    'S-161': 'reach the pace when enough is asked for',
    'S-162': 'owe as many starts after the pace has changed as before',
    'S-163': 'keep the strictest of all gates’ paces',
    'S-164': 'give no start back: an attempt that was never placed has used its start',
    'S-165': 'use no start for a claim that is given back or lapses',
  }),
}

export const FAIR: Area = {
  title: 'Fairness',
  about:
    'While everybody has a backlog, starts are shared by weight: among organizations, then among their jobs (guarantee G7).',
  rules: rules('fair', {
    'S-170': 'share a route by weight among organizations, to within a turn each, whatever limits it',
    'S-171': 'share an organization’s part by weight among its jobs',
    'S-172': 'leave what one organization cannot use to the others',
    'S-173': 'let a small job through beside a large one, of the same organization and of another',
    'S-174': 'give no credit to a job, or an organization, for having been away',
    'S-175': 'go by a weight that was changed',
  }),
}
