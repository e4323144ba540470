import { TERMINALS, type Terminal } from '../ports/storage-jobs.js'
import type { TaskPlace } from '../ports/storage-read.js'
import type { TransitionTable } from './table.js'

/** The states of a task. */
export type TaskState = 'waiting' | 'claimed' | 'active' | 'unknown' | Terminal
/** All of them. */
export const TASK_STATES: readonly TaskState[] = ['waiting', 'claimed', 'active', 'unknown', ...TERMINALS]

/** What can happen to a task. */
export const TASK_EVENTS = [
  'claim',
  'return',
  'fence',
  'doubt',
  'resolve',
  'retry',
  'adopt',
  'succeed',
  'fail',
  'skip',
  'cancel',
  'expire',
] as const
/** See {@link TASK_EVENTS}. */
export type TaskEvent = (typeof TASK_EVENTS)[number]

const ENDS = { succeed: 'succeeded', fail: 'failed', skip: 'skipped', cancel: 'canceled', expire: 'expired' } as const

/**
 * The life of a task.
 *
 * It is `waiting` (fresh, for a retry, or deferred) until a worker reserves it: `claimed`. A claim is given back
 * unburned when its worker has no use for it or dies. The fence makes it `active`: from here on there is one attempt
 * somewhere between this process and a person's phone. When nobody can say what became of that attempt the task is
 * `unknown` and keeps everything it holds until somebody can. An attempt that is over either ends the task or has it
 * wait again. A call that turns up for a waiting or claimed task (the store came back older than it was) is adopted as
 * `unknown`, so that nothing is dialed on top of it.
 *
 * The five terminal states are final, and each has a reason. Only a success can come from an attempt alone; a task that
 * waits can be failed, skipped, canceled or expired without being dialed.
 */
export const TASK_TABLE: TransitionTable<TaskState, TaskEvent> = {
  waiting: {
    claim: 'claimed',
    adopt: 'unknown',
    fail: 'failed',
    skip: 'skipped',
    cancel: 'canceled',
    expire: 'expired',
  },
  claimed: {
    return: 'waiting',
    fence: 'active',
    adopt: 'unknown',
    fail: 'failed',
    skip: 'skipped',
    cancel: 'canceled',
    expire: 'expired',
  },
  active: { doubt: 'unknown', retry: 'waiting', ...ENDS },
  unknown: { resolve: 'active', retry: 'waiting', ...ENDS },
  succeeded: {},
  failed: {},
  skipped: {},
  canceled: {},
  expired: {},
}

/** The lifecycle state that a place in the store stands for. */
export function taskState(place: TaskPlace): TaskState {
  return place === 'fresh' || place === 'deferred' ? 'waiting' : place
}

/** Whether a task in this state never changes any more. */
export function isTaskOver(state: TaskState): state is Terminal {
  return (TERMINALS as readonly string[]).includes(state)
}
