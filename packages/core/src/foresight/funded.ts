import type { CallSpec, JobContext } from '../jobs/spec.js'
import { micros, UNLIMITED } from '../money/amount.js'
import { jobMoneyKey } from '../money/keys.js'
import type { StoreFacts } from './store-facts.js'

/**
 * What a store says, but for what a job with an account may spend in all: that is as its budget has it. The store has what is set aside so far, which is
 * nothing for a draft and grows as the job goes on; whether the account has as much is decided when it is asked.
 */
export function funded(facts: StoreFacts, { id, spec: { money, budget } }: JobContext<CallSpec>): StoreFacts {
  if (money?.account === undefined) return facts
  const key = jobMoneyKey(id)
  const rule = { money: budget?.total === undefined ? UNLIMITED : micros(budget.total) }
  return {
    listState: (list) => facts.listState(list),
    member: (list, member) => facts.member(list, member),
    usage(hold) {
      const usage = facts.usage(hold)
      return usage && hold.key === key && 'money' in usage.rule ? { ...usage, rule } : usage
    },
  }
}
