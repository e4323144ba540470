/**
 * When people may be called, by the clocks of the called person: made from {@link WindowOptions} by `windowSchema`,
 * plain JSON, never changed after. `null` in its place means at any time.
 *
 * An instant is open when the clocks of the zone show, at that instant, a time in one of the weekday's intervals, and a
 * date that is not among `closedOn`, and it is in none of the `blackouts`. Nothing else is: not the hour that clocks skip, and not a zone that is unknown here.
 */
export interface CallingWindow {
  /** Zone for contacts that have none of their own. */
  readonly timezone?: string
  /** Seven lists, Monday first: minutes since midnight `[start, end, start, end, …]`, ascending, ends not included. */
  readonly week: readonly (readonly number[])[]
  /** Local dates `YYYY-MM-DD` on which nobody is called, ascending. */
  readonly closedOn: readonly string[]
  /** Periods in which nobody is called. Absent: none. */
  readonly blackouts?: readonly Blackout[]
  /** The rule set it is of: `id@version`. Absent: it is the job's own. */
  readonly rule?: string
  /** First local date on which the window counts: before it, it is open. Absent: always. */
  readonly from?: string
  /** First local date on which it does not count any more: from then on it is open. */
  readonly until?: string
}

/** A period, the end not included: instants, or with `local` what clocks show, as the instants at which those of UTC show it. */
export interface Blackout {
  readonly from: number
  readonly until: number
  readonly local?: true
}
