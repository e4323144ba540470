import type { CallPolicyOptions, RuleSet } from 'outdial'
import type { EngineSettings, OpenEngine } from './engine.js'

/** What is asked before a call, and how engine and campaign are told of it. */
export interface Policies {
  engine?: EngineSettings
  job?: CallPolicyOptions & { from?: readonly string[] }
  prepare?(engine: OpenEngine['engine']): Promise<unknown>
}

/** Numbers on each list; none of them is in a campaign, so everybody is called and everybody is looked for. */
const LISTED = 5000
const ALWAYS = '00:00-24:00'

/** Rules of a country and of two of its states, of which one is for one person in four or so. */
const RULES: readonly RuleSet[] = [
  { id: 'country', version: '1', source: 'made up', window: ALWAYS, caps: [{ per: 'phone', max: 5, within: '7d' }] },
  {
    id: 'state',
    version: '1',
    source: 'made up',
    appliesTo: { prefixes: ['+12', '+13'] },
    window: ALWAYS,
    caps: [{ per: 'phone', max: 3, within: '24h' }],
  },
]

/** One policy each, as a campaign would have it, and the ledger of attempts. None of them stops anybody here. */
export const POLICIES: Readonly<Record<string, Policies>> = {
  hours: { job: { window: ALWAYS, rules: RULES.map(({ caps: _, ...rule }) => rule) } },
  suppression: {
    async prepare({ suppression }) {
      const numbers = Array.from({ length: LISTED }, (_, i) => `+1684555${String(i).padStart(4, '0')}`)
      await suppression.add(numbers, { reason: 'asked' })
      await suppression.add(numbers, { scope: { organization: 'default' } })
    },
  },
  caps: {
    job: {
      caps: [
        { per: 'phone', max: 3, within: '24h' },
        { per: 'phone', max: 7, within: '7d' },
      ],
    },
  },
  cooldowns: { job: { cooldowns: [{ after: ['answered'], wait: '7d' }] } },
  callerIds: {
    job: {
      from: ['+12025550100', '+12125550100', '+13035550100'],
      callerIds: { concurrency: 1000, perDay: 1_000_000, localPresence: true },
    },
  },
  money: {
    engine: { rates: { bench: { default: { perMinute: 1.2, billing: '60/60' } } } },
    job: { budget: { total: 1_000_000_000, perDay: 1_000_000_000 } },
  },
  ledger: { engine: { ledger: { append: async () => {} } } },
}

/** All of them at once. */
export function everyPolicy(): Policies {
  const all = Object.values(POLICIES)
  return {
    engine: Object.assign({}, ...all.map(({ engine }) => engine)),
    job: Object.assign({}, ...all.map(({ job }) => job), { rules: RULES }),
    async prepare(engine) {
      for (const { prepare } of all) await prepare?.(engine)
    },
  }
}
