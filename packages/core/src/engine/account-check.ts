import { OutdialError } from '../errors/outdial-error.js'
import type { AccountProblem } from '../ports/account-problem.js'
import { answerWithin } from './answer-within.js'
import type { Host } from './host.js'

/** Whoever has not said by then what is wrong is taken at its word that nothing is: it is not refused for being slow. */
const CHECK_TIMEOUT = 10_000

/** Something of the engine's that can say whether its account is in order, with the name that errors give it. */
export interface Checked {
  readonly route: string
  readonly check: () => Promise<readonly AccountProblem[]>
}

/**
 * Throws `carrier_misconfigured`, with everything that is known to be wrong, if anything is. One that cannot be asked
 * (no network, an outage) refuses nothing: `carrier.failed` tells of it, and calls that are live have to be looked after.
 */
export async function refuseMisconfigured(host: Host, asked: readonly Checked[]): Promise<void> {
  const told = await Promise.all(asked.map((one) => problemsOf(host, one)))
  const problems = told.flat()
  const [first] = problems
  if (!first) return
  const more = problems.length > 1 ? ` And ${problems.length - 1} more; see \`details.problems\`.` : ''
  throw new OutdialError('carrier_misconfigured', `${first.route}: ${first.field}: ${first.message}${more}`, {
    problems,
  })
}

async function problemsOf(host: Host, { route, check }: Checked): Promise<({ route: string } & AccountProblem)[]> {
  const problems = await answerWithin<readonly AccountProblem[]>(host, CHECK_TIMEOUT, check, (message) => {
    host.events.emit('carrier.failed', { route, reason: 'check', message })
    return []
  })
  return problems.map((problem) => ({ route, ...problem }))
}
