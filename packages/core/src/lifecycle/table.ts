/** From each state, the events that are legal there and the state that follows. A state without events is terminal. */
export type TransitionTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>

/** What `transition` answers when the table has no such step: a value, because for carriers it is not an error. */
export interface IllegalTransition<State extends string, Event extends string> {
  readonly illegal: true
  readonly state: State
  readonly event: Event
  /** The events that would have been legal; empty for a terminal state. */
  readonly legal: readonly Event[]
}

/** The next state, or why there is none. Total: defined for every state and event, throws never, changes nothing. */
export function transition<State extends string, Event extends string>(
  table: TransitionTable<State, Event>,
  state: State,
  event: Event,
): State | IllegalTransition<State, Event> {
  const steps = table[state]
  const next = Object.hasOwn(steps, event) ? steps[event] : undefined
  return next ?? { illegal: true, state, event, legal: Object.keys(steps) as Event[] }
}

/** Whether an answer of {@link transition} says that the step is not legal. */
export function isIllegal<State extends string, Event extends string>(
  next: State | IllegalTransition<State, Event>,
): next is IllegalTransition<State, Event> {
  return typeof next === 'object'
}
