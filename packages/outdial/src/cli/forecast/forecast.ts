import { type CallSpec, type IntakeReport, isOutdialError } from '@outdial/core'
import { type Forecast, forecast } from '../../forecast/forecast.js'
import type { JobForecast } from '../../forecast/forecast-job.js'
import type { Arguments } from '../args.js'
import type { Surroundings } from '../command.js'
import { BadInput, EXIT } from '../exit.js'
import { asBadInput } from '../run/source.js'
import { openStored } from '../stored/open.js'
import { count, counted, printable } from '../wording.js'
import { chart } from './chart.js'
import { DEFAULTS } from './flags.js'
import { type ForecastWish, forecastWish } from './options.js'
import { figures } from './report.js'

/** See `forecastCommand`. */
export async function run(args: Arguments, surroundings: Surroundings): Promise<number> {
  const wish = await forecastWish(args)
  return 'file' in wish ? ofFile(wish, surroundings) : ofJob(wish, surroundings)
}

async function ofFile(
  { file, options, timezone, saidBy, json }: Extract<ForecastWish, { file: string }>,
  { stdout }: Surroundings,
): Promise<number> {
  let told: Forecast
  try {
    told = await forecast(options)
  } catch (error) {
    if (isOutdialError(error, 'no_contacts')) {
      const { read } = error.details.report as IntakeReport
      throw new BadInput(`${file}: not one of its ${counted(read, 'row')} can be called`)
    }
    throw asBadInput(error, file, saidBy)
  }
  const { intake, ...rest } = told
  const { read, accepted, rejectedRows: rejected, duplicateRows: duplicates } = intake
  if (json) {
    stdout.line(JSON.stringify({ rows: { read, accepted, rejected, duplicates }, ...rest }))
    return EXIT.done
  }
  stdout.paragraph(`${printable(file)}: a forecast. No one is called.`)
  const left = `${count(rejected)} rejected, ${count(duplicates)} duplicates`
  const facts = [['rows', `${count(read)}: ${count(accepted)} accepted, ${left}`]] as const
  for (const line of figures(told, timezone, facts)) stdout.line(line)
  for (const line of chart(stdout, told.hours, timezone)) stdout.line(line)
  return EXIT.done
}

async function ofJob(
  { job: id, storage, options, rates, json }: Exclude<ForecastWish, { file: string }>,
  { stdout }: Surroundings,
): Promise<number> {
  const { job, name, close } = await openStored(storage, id, rates)
  try {
    const told = await forecast(job, options)
    if (json) {
      stdout.line(JSON.stringify(told))
      return EXIT.done
    }
    const { spec, name: called } = await job.snapshot()
    const { timezone } = spec as CallSpec
    stdout.paragraph(`${printable(`${called} (${job.id} in ${name})`)}: a forecast. No one is called.`)
    for (const line of figures(told, timezone, facts(told))) stdout.line(line)
    for (const line of chart(stdout, told.hours, timezone)) stdout.line(line)
    return EXIT.done
  } finally {
    await close()
  }
}

const ASSUMED = {
  given: 'as --answered says',
  job: 'as in its calls so far',
  default: `${DEFAULTS.answered * 100} % of calls`,
} as const

function facts({ sample, assumed }: JobForecast): [string, string][] {
  const run = sample.contacts < sample.of ? `; ${count(sample.contacts)} of them were run and stand for all` : ''
  return [
    ['contacts', `${count(sample.of)} have not ended${run}`],
    ['answered', ASSUMED[assumed.from]],
  ]
}
