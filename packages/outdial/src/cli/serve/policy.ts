import { numbersFile } from '@outdial/contacts/node'
import {
  type CallJobChanges,
  type CallPolicyOptions,
  type Engine,
  isOutdialError,
  type RateSheet,
  type RouteRates,
  type RuleSet,
  rateTable,
} from '@outdial/core'
import { simulatedCarrier } from '@outdial/simulation'
import type { CampaignPolicy } from '@outdial/transport-http'
import { createEngine } from '../../create-engine.js'
import { isPreset, presets } from '../../rules/presets.js'
import { defined } from '../defined.js'
import { BadInput } from '../exit.js'
import { jsonFrom } from '../json-file.js'
import { asBadInput } from '../run/source.js'
import type { Config } from './config.js'

/** What the configuration says of calls, its files read. */
export interface ServedPolicy {
  readonly rates: RouteRates
  readonly campaigns: CampaignPolicy
}

/** Reads rates and rules. Throws `BadInput` naming the place in the configuration. */
export async function policyOf(config: Config): Promise<ServedPolicy> {
  const rates: Record<string, RateSheet> = {}
  for (const [name, given] of Object.entries(config.rates)) {
    const field = `rates.${name}`
    if (!Object.hasOwn(config.carriers, name)) throw new BadInput(`${field}: there is no carrier '${name}'`)
    const sheet = (typeof given === 'string' ? await jsonFrom(given, field) : given) as RateSheet
    blamed(() => rateTable(sheet, field))
    rates[name] = sheet
  }
  const { defaults } = config.campaigns
  if ('rules' in defaults) throw new BadInput('campaigns.defaults.rules: rules are said in campaigns.rules')
  const carrier = config.carrier ?? Object.keys(config.carriers)[0] ?? ''
  if (defaults.budget && !Object.hasOwn(rates, carrier)) {
    throw new BadInput(
      `campaigns.defaults.budget: nobody knows what calls through '${carrier}' cost; say it in rates.${carrier}`,
    )
  }
  const rules = await ruleSetsOf(config.campaigns.rules, 'campaigns.rules')
  const named = await ruleSetsOf(config.ruleSets, 'ruleSets')
  const ruleSets = Object.fromEntries([...named, ...rules].map((set) => [set.id, set]))
  for (const [name, make] of Object.entries(presets)) ruleSets[name] ??= make()
  const campaigns = { defaults: defaults as CallPolicyOptions, rules, ruleSets }
  await checkCampaigns(campaigns, rates[carrier])
  return { rates, campaigns }
}

/** Asks an engine of its own whether the defaults and rules of campaigns are any good. Throws `BadInput` naming the place. */
async function checkCampaigns(
  { defaults = {}, rules = [], ruleSets = {} }: CampaignPolicy,
  sheet: RateSheet | undefined,
): Promise<void> {
  const engine = createEngine({
    carriers: { check: simulatedCarrier({ ledger: false }) },
    ...(sheet && { rates: { check: sheet } }),
  })
  try {
    const job = await engine.calls.create({
      name: 'Check',
      carrier: 'check',
      from: '+12025550100',
      callerIds: {},
      contacts: [{ phone: '+12025550101' }],
    })
    const asked: [changes: CallJobChanges, words: (message: string) => string][] = [
      [defaults, (message) => `campaigns.defaults.${message}`],
      [{ rules }, (message) => `campaigns.${message}`],
      [{ rules: Object.values(ruleSets) }, (message) => `ruleSets: ${message}`],
    ]
    for (const [changes, words] of asked) {
      await job.update(changes).catch((error: unknown) => {
        throw isOutdialError(error) ? new BadInput(words(error.message)) : error
      })
    }
  } finally {
    await engine.abandon()
  }
}

/** Limits that the configuration has of caller ids, and the numbers of its files that are not called. Throws `BadInput` naming the place. */
export async function applyPolicy(engine: Pick<Engine, 'setLimits' | 'suppression'>, config: Config): Promise<void> {
  for (const { phone, organization, concurrency, cps, perDay } of config.numbers) {
    const limits = defined({ concurrency, cps, perDay })
    if (Object.keys(limits).length > 0) await engine.setLimits({ organization, callerId: phone }, limits)
  }
  for (const [i, given] of config.suppression.entries()) {
    const field = `suppression[${i}]`
    const { file, organization, region, column, replace, ...version } = given
    if (organization !== undefined && !config.organizations.some(({ id }) => id === organization)) {
      throw new BadInput(`${field}.organization: there is no organization '${organization}'`)
    }
    const numbers = numbersFile(file, defined({ defaultRegion: region, column }))
    const options = {
      ...defined(version),
      scope: organization === undefined ? ({ everything: true } as const) : { organization },
    }
    try {
      await engine.suppression[replace ? 'replace' : 'add'](numbers, options)
    } catch (error) {
      const told = asBadInput(error, file)
      throw told instanceof BadInput ? new BadInput(`${field}: ${told.message}`) : told
    }
  }
}

async function ruleSetsOf(given: Config['ruleSets'], field: string): Promise<RuleSet[]> {
  const sets: RuleSet[] = []
  for (const [i, one] of given.entries()) {
    const at = `${field}[${i}]`
    if (typeof one !== 'string') sets.push(one as unknown as RuleSet)
    else if (isPreset(one)) sets.push(presets[one]())
    else if (/\.json$/i.test(one)) sets.push(...([await jsonFrom(one, at)].flat() as RuleSet[]))
    else throw new BadInput(`${at}: '${one}' is neither one of ${Object.keys(presets).join(', ')} nor a .json file`)
  }
  return sets
}

function blamed(check: () => unknown): void {
  try {
    check()
  } catch (error) {
    throw isOutdialError(error) ? new BadInput(error.message) : error
  }
}
