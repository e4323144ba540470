/**
 * When people may be called, by the clocks of the called person: made from {@link WindowOptions} by `windowSchema`,
 * plain JSON, never changed after. `null` in its place means at any time.
 *
 * An instant is open when the clocks of the zone show, at that instant, a time in one of the weekday's intervals, and a
 * date that is not among `closedOn`. Nothing else is: not the hour that clocks skip, and not a zone that is unknown here.
 */
export interface CallingWindow {
  /** Zone for contacts that have none of their own. */
  readonly timezone?: string
  /** Seven lists, Monday first: minutes since midnight `[start, end, start, end, …]`, ascending, ends not included. */
  readonly week: readonly (readonly number[])[]
  /** Local dates `YYYY-MM-DD` on which nobody is called, ascending. */
  readonly closedOn: readonly string[]
}
