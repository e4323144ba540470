import { corpus } from '../redis/support/corpus.js'
import { atMost, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { BULLMQ, CAREFUL_BULLMQ, OUTDIAL } from './contender.js'
import { trial } from './trial.js'
import type { Verdict } from './verdict.js'

const CONTACTS = 2000
/** One a second for as long as the calls last. */
const CONTACTS_A_KILL = 100

/** Workers killed with `kill -9`: who is called twice, and who is lost. All at the same time, each on a server of its own. */
export async function run({ short }: Settings): Promise<Results> {
  const people = corpus(short ? 40 : CONTACTS)
  const kills = short ? 1 : CONTACTS / CONTACTS_A_KILL
  // It takes a minute until BullMQ finds out, whatever there is to do.
  const contenders = short ? [OUTDIAL] : [OUTDIAL, BULLMQ, CAREFUL_BULLMQ]
  const verdicts = await Promise.all(contenders.map((contender) => trial(contender, people, kills)))
  const ours = verdicts[0] as Verdict
  return {
    kill: atMost(0, {
      value: ours.twice + ours.neverCalled + ours.outcomeLost,
      unit: `contacts called twice or lost, of ${people.length}, by the carrier's ledger; kill -9 of workers: ${kills}`,
      details: Object.fromEntries(contenders.map(({ name }, i) => [name, verdicts[i]])),
      notes: contenders.map(({ name }, i) => {
        const { twice, most, neverCalled, outcomeLost, seconds } = verdicts[i] as Verdict
        return (
          `${name}: ${twice} called more than once (one of them ${most} times), ${neverCalled} never called, ` +
          `${outcomeLost} called and their outcome lost; ${seconds} s`
        )
      }),
    }),
  }
}
