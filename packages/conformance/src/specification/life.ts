import { type Area, rules } from './rule.js'

export const LIFE: Area = {
  title: 'The life of a job',
  about: 'States are data to a store: it is handed phases, timers and sweeps, and executes them by its own clock.',
  rules: rules('core', {
    'S-100': 'enter `onClaim` with the first claim',
    'S-101': 'enter `onDrained` when no task is open any more, unknown ones included, and set `endedAt`',
    'S-102': 'not drain while a batch is open, and drain when it is sealed or discarded',
    'S-103': 'drain with an empty batch, and with the last task that is ended by hand',
    'S-104': 'start a job at its time, and one whose time came before its tasks with its first batch',
    'S-105': 'sweep a job at its expiry and enter the phase that is given for it',
    'S-106':
      'end by a sweep whatever waits at once, as one event; what is claimed when it comes back; what is live by its own call',
    'S-107': 'go by the first sweep, and let neither timers nor phases bring a swept job back',
    'S-108': 'not wait for an open batch when it sweeps',
    'S-109': 'refuse a change with another revision than `ifRevision` with `revision_conflict`, changing nothing',
    'S-110': 'answer a change again that is repeated with its `ifRevision`, and not take another’s for it',
    'S-111': 'raise the revision with every change, and log it',
    'S-112': 'change a single task that waits, and refuse it with `task_busy` or `task_ended` else, changing nothing',
    'S-113': 'answer `job_not_found` to a change of a job that is not there',
    'S-114': 'claim from a lane only while it is open, and from a lane of higher priority first',
    'S-115': 'set the limits of a change with it',
    'S-116': 'apply all parts of a change or none',
    'S-117': 'leave out a change whose task has had the note of `unlessNoted`, all of it, and apply any other',
  }),
}

export const WAITING: Area = {
  title: 'Waiting for work',
  about: 'A worker that got less than it asked for sleeps. It may be woken too early, never too late.',
  rules: rules('core', {
    'S-120': 'wake whoever waits for a route when a job appears on it',
    'S-121': 'wake whoever a limit of everything keeps waiting, when a call of another route ends',
    'S-122': 'wake whoever waits for a caller id, when a call of another job that had chosen it ends',
    'S-123': 'wake whoever a limit keeps waiting when it is raised, alone or with a change of a job',
    'S-124': 'wake whoever a pace keeps waiting when a claim of the same pace comes back, and when the pace is raised',
    'S-125': 'wake for what was put off, at that time',
    'S-126': 'wake for the lease of a worker that has died',
    'S-127': 'wake for the start of a job that was scheduled meanwhile',
    'S-128': 'wake for a lane that is opened, and for one that opens',
    'S-129': 'resolve at once when something was missed since the last exchange of the channel',
    'S-130': 'resolve at `until` and with the signal, and leave no timer behind',
    'S-131': 'wake for what a change that was refused has noticed',
  }),
}

export const LOOKING: Area = {
  title: 'Overdue attempts',
  about: 'A live attempt carries the time at which somebody has to look at it.',
  rules: rules('core', {
    'S-135':
      'hand out live attempts whose `checkAt` has passed, of the routes asked for, oldest first, no more than asked for',
    'S-136': 'hand out each once per `snooze`',
    'S-137': 'go by the `checkAt` that was reported last, and hand out nothing that has closed',
  }),
}
