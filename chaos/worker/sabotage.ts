/**
 * Mechanisms that a control switches off, each by its name. With any of them off a scenario has to end in a violation:
 * a judge who never finds anything proves nothing.
 */
export const SABOTAGES = [
  /** A worker that starts has everything run again that was under way, as queues do with the work of the dead. */
  'attempts-die-with-workers',
  /** What was granted is started however late. */
  'start-by-ignored',
  /** Webhooks are believed whoever sent them. */
  'signatures-unchecked',
  /** An event is taken for the call that its contact has now, not for the one it names. */
  'events-by-contact',
  /** The times of an attempt are read on another clock than the store's. */
  'own-time',
  /** An exchange that is sent again is a new one. */
  'replies-not-replayed',
  /** Starts are granted before the store has them on disk. */
  'not-durable',
  /** Limits stay in the process that sets them. */
  'limits-not-stored',
  /** Nobody asks at the fence whether a number is suppressed. */
  'suppression-not-asked',
  /** Pause is a word that users see. */
  'pause-in-name-only',
  /** Nobody knows of any hours, neither who decides nor the store. */
  'hours-not-asked',
  /** No fence takes what caps count. */
  'caps-not-taken',
  /** No fence takes what a call may cost. */
  'money-not-held',
  /** Nobody asks at the fence whether somebody is to be left alone for a while. */
  'cool-downs-not-asked',
] as const
/** See {@link SABOTAGES}. */
export type Sabotage = (typeof SABOTAGES)[number]
