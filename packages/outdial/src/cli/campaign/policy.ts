import type { BudgetOptions, CallJobOptions, RateSheet, RuleSet } from '@outdial/core'
import { isOutdialError, rateTable } from '@outdial/core'
import { isPreset, presets } from '../../rules/presets.js'
import type { Arguments } from '../args.js'
import { BadInput } from '../exit.js'
import { decimal, refuse } from '../flag-values.js'
import { jsonFrom } from '../json-file.js'
import { counted } from '../wording.js'

/** What the flags say of a campaign beside its hours and its paces. */
export interface PolicyWish {
  /** By the names of `calls.create`; judged by it. */
  readonly options: CampaignOptions
  /** The flag that has said each of {@link options}, for whoever has to be told that one is wrong. */
  readonly saidBy: Readonly<Record<string, string>>
  /** What calls cost; absent when nobody knows. */
  readonly rates?: RateSheet
  readonly budget?: BudgetOptions
  /** File of numbers not to be called. */
  readonly suppress?: string
}

/** Options that a file may have: those that no flag and no command says itself. */
export type CampaignOptions = Partial<Omit<CallJobOptions, (typeof OURS)[number]>>

const OURS = [
  'contacts',
  'carrier',
  'from',
  'name',
  'organization',
  'onRow',
  'variables',
  'start',
  'idempotencyKey',
  'fingerprint',
  'account',
  'reserve',
  'review',
  'keepOpen',
] as const

/** Reads and checks the flags of `POLICY_FLAGS`. Throws `BadInput` naming the flag. */
export async function policyWish(flags: Arguments['flags']): Promise<PolicyWish> {
  const rates = await ratesOf(flags)
  const { rules: named, budget: own, ...more } = await optionsOf(flags.get('options'))
  const rules = await rulesOf(flags.get('rules'), named)
  const given = budgetOf(flags)
  const budget = given ? { ...own, ...given } : own
  if (budget && !rates) {
    const flag = given?.total !== undefined ? '--budget' : given ? '--daily-budget' : '--options: budget'
    throw new BadInput(`${flag}: nobody knows what calls cost; say it with --price or --rates`)
  }
  const suppress = flags.get('suppress')
  if (suppress === '') refuse('--suppress', 'names no file')
  const saidBy = Object.fromEntries(Object.keys(more).map((name) => [name, '--options']))
  return {
    saidBy: { ...saidBy, rules: flags.has('rules') ? '--rules' : '--options', budget: '--options' },
    options: { ...more, ...(rules && { rules }) },
    ...(rates && { rates }),
    ...(budget && { budget }),
    ...(suppress !== undefined && { suppress }),
  }
}

/** What `--price` or `--rates` say calls cost. Throws `BadInput` naming the flag, the file and the place in it. */
export async function ratesOf(flags: Arguments['flags']): Promise<RateSheet | undefined> {
  const file = flags.get('rates')
  const price = flags.get('price')
  if (file === undefined) {
    if (price === undefined) return undefined
    const perMinute = decimal(price)
    if (!Number.isFinite(perMinute)) refuse('--price', `'${price}' is not a number`)
    return checkedRates({ default: { perMinute, billing: '60/60' }, version: '--price' }, '--price')
  }
  if (price !== undefined) throw new BadInput('--price and --rates both say what calls cost; give one of them')
  const sheet = await jsonFrom(file, '--rates')
  return checkedRates(sheet as RateSheet, `--rates: ${file}`)
}

function checkedRates(sheet: RateSheet, field: string): RateSheet {
  try {
    rateTable(sheet)
  } catch (error) {
    throw isOutdialError(error) ? new BadInput(`${field}: ${error.message}`) : error
  }
  // What a simulated carrier says that calls cost is nobody's price.
  return { ...sheet, book: 'rate' }
}

async function optionsOf(file: string | undefined): Promise<CampaignOptions> {
  if (file === undefined) return {}
  const options = await jsonFrom(file, '--options')
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new BadInput(`--options: ${file} has no object of options`)
  }
  const ours = OURS.find((name) => Object.hasOwn(options, name))
  if (ours !== undefined) throw new BadInput(`--options: ${file} says '${ours}', which is not for it to say`)
  return options as CampaignOptions
}

/** The rule sets that names and files stand for, after those of `--options`. */
async function rulesOf(names: string | undefined, more: CampaignOptions['rules']): Promise<CampaignOptions['rules']> {
  if (names === undefined) return more
  const sets: RuleSet[] = []
  for (const name of names.split(',').map((one) => one.trim())) {
    if (isPreset(name)) sets.push(presets[name]())
    else if (/\.json$/i.test(name)) sets.push(...([await jsonFrom(name, '--rules')].flat() as RuleSet[]))
    else refuse('--rules', `'${name}' is neither one of ${Object.keys(presets).join(', ')} nor a .json file`)
  }
  return [...(more ?? []), ...sets]
}

function budgetOf(flags: Arguments['flags']): BudgetOptions | undefined {
  const total = money(flags.get('budget'), '--budget')
  const perDay = money(flags.get('daily-budget'), '--daily-budget')
  if (total === undefined && perDay === undefined) return undefined
  return { ...(total !== undefined && { total }), ...(perDay !== undefined && { perDay }) }
}

const MOST = 1_000_000_000

function money(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  return number <= MOST ? number : refuse(flag, `'${text}' is not ${counted(MOST, 'whole unit')} or less`)
}
