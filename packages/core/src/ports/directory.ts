/** Who an organization is and what it may use. */
export interface Organization {
  readonly id: string
  readonly name?: string
  /** Live calls over all its jobs. Absent: no limit of its own. */
  readonly concurrency?: number
  /** Starts per second over all its jobs. */
  readonly cps?: number
  /**
   * What all its jobs together may spend between two midnights of its zone, in whole units of the account's smallest. Absent: as
   * `engine.setLimits` says.
   */
  readonly moneyPerDay?: number
  /** IANA zone of its days. Default `UTC`. A job keeps the one that it was made with. */
  readonly timezone?: string
  /**
   * Since when `concurrency`, `cps` and `moneyPerDay` are so, in milliseconds since the epoch: a limit that was set later, by whatever
   * process, stays. Absent: they are set anew with each job that is made.
   */
  readonly limitsSince?: number
  /** Share among backlogged organizations, default 1. */
  readonly weight?: number
  /** Where its money is booked; see `Accounts`. */
  readonly account?: string
}

/** Limits of an organization that can be changed while it works; `null` takes one away, what is left out stays. */
export interface OrganizationLimits {
  concurrency?: number | null
  cps?: number | null
  /** As in {@link Organization}. */
  moneyPerDay?: number | null
}

/** A caller id as an organization knows it: number, and the agent that answers behind it. */
export interface CallerNumber {
  readonly id: string
  readonly phone: string
  readonly organization: string
  readonly agent?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

/**
 * Who the organizations, their API keys and their numbers are. The engine asks it when a job is created and when a
 * transport has to know who is calling; it never writes, but for limits that a transport is asked to change.
 */
export interface Directory {
  organization(id: string): Promise<Organization | undefined>
  /** The number with this id, of any organization: the caller checks whose it is. */
  callerNumber(id: string): Promise<CallerNumber | undefined>
  /** The organization's own number with this phone (E.164); `undefined` also when it is another's. */
  ownNumber(organization: string, phone: string): Promise<CallerNumber | undefined>
  /** The organization that an API credential belongs to. Implementations keep credentials hashed and compare in constant time. */
  authenticate(credential: {
    key: string
    secret?: string
  }): Promise<{ organization: string; scopes: readonly string[] } | undefined>
  /**
   * Keeps other limits for an organization from `at` on. Absent: limits are changed somewhere else, and no transport can.
   */
  changeLimits?(organization: string, limits: OrganizationLimits, at: number): Promise<void>
}
