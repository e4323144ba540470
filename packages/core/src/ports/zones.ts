/** Says in which time zones the person behind a number may be. */
export interface ZoneFinder {
  /** Names the data it answers from; kept with every decision that used it. */
  readonly version: string
  /**
   * IANA zones of the places to which a number belongs by its prefix, most often one. Several: nobody can say which, and the person has to be
   * callable in all of them. Empty: the number belongs to no place (toll-free, satellite), or it is not known to which.
   *
   * Asked for every contact when it is loaded and again before each call, so it answers at once, and always the same.
   * @param phone E.164
   */
  zonesOf(phone: string): readonly string[]
}
