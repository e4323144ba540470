import { allAtOnce } from './all-at-once.js'
import { changeJobs } from './change-jobs.js'
import { changePolicy } from './change-policy.js'
import { crashStore } from './crash-store.js'
import { cutLink } from './cut-link.js'
import { dropReplies } from './drop-replies.js'
import { freezeWorkers } from './freeze-workers.js'
import { killWorkers } from './kill-workers.js'
import { leaveAlone } from './leave-alone.js'
import { loseReplies } from './lose-replies.js'
import { mangleWebhooks } from './mangle-webhooks.js'
import type { Scenario } from './scenario.js'
import { sharePeople } from './share-people.js'
import { skewClocks } from './skew-clocks.js'
import { spendMoney } from './spend-money.js'

/** All of them; a store runs those whose needs it meets. */
export const SCENARIOS: readonly Scenario[] = [
  // It takes longest, and others can be run beside it.
  allAtOnce,
  killWorkers,
  freezeWorkers,
  mangleWebhooks,
  skewClocks,
  loseReplies,
  changeJobs,
  changePolicy,
  sharePeople,
  leaveAlone,
  spendMoney,
  cutLink,
  dropReplies,
  crashStore,
]
