import { OutdialError } from '@outdial/core'

/** How the Telnyx dialect is spoken. Times in milliseconds. */
export interface TelnyxOptions {
  /** Refuse requests that name numbers by id and by E.164 at once, as the service says it does. Default false. */
  strictNumbers?: boolean
  /**
   * Refuse `filter[status]=a,b` and `filter[status]=a` in lists; only `filter[status][]=a` is left. The service's own SDK
   * sends the former. Default false.
   */
  strictFilters?: boolean
  /** A filter that matches more than 1,000 numbers: take the first 1,000 by id (default), or refuse the request. */
  filterOverflow?: 'cut' | 'refuse'
  /** Jobs of an organization that have not ended: updates and deletions together (default 20), emergency settings (500). */
  openJobs?: { numbers?: number; emergency?: number }
  /** How long a number is thought to take, for `etc`. Default 1,000. */
  perNumber?: number
  /** A job that has not ended so long after it was made is `expired`, its waiting numbers fail. Default one day. */
  deadline?: number
  /** Whether an organization may use a billing group. Default: every id is taken as it is. */
  billingGroup?(organization: string, id: string): boolean | Promise<boolean>
}

/** The options, complete. */
export type Settings = Required<Omit<TelnyxOptions, 'openJobs'>> & { openJobs: { numbers: number; emergency: number } }

/** Completes the options; throws `invalid_options` for a number that is none above 0. */
export function settingsOf(options: TelnyxOptions): Settings {
  const settings: Settings = {
    strictNumbers: options.strictNumbers ?? false,
    strictFilters: options.strictFilters ?? false,
    filterOverflow: options.filterOverflow ?? 'cut',
    openJobs: { numbers: options.openJobs?.numbers ?? 20, emergency: options.openJobs?.emergency ?? 500 },
    perNumber: options.perNumber ?? 1000,
    deadline: options.deadline ?? 86_400_000,
    billingGroup: options.billingGroup ?? (() => true),
  }
  const { openJobs, perNumber, deadline } = settings
  const numbers = {
    'openJobs.numbers': openJobs.numbers,
    'openJobs.emergency': openJobs.emergency,
    perNumber,
    deadline,
  }
  for (const [field, value] of Object.entries(numbers))
    if (!(value > 0)) throw new OutdialError('invalid_options', `${field}: expected a number above 0`, { field })
  return settings
}
