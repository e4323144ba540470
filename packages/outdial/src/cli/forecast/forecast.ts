import { type IntakeReport, isOutdialError } from '@outdial/core'
import { type Forecast, forecast } from '../../forecast/forecast.js'
import type { Arguments } from '../args.js'
import type { Surroundings } from '../command.js'
import { BadInput, EXIT } from '../exit.js'
import { asBadInput } from '../run/source.js'
import { counted, printable } from '../wording.js'
import { chart } from './chart.js'
import { forecastWish } from './options.js'
import { figures } from './report.js'

/** See `forecastCommand`. */
export async function run(args: Arguments, { stdout }: Surroundings): Promise<number> {
  const { file, options, timezone, json } = forecastWish(args)
  let told: Forecast
  try {
    told = await forecast(options)
  } catch (error) {
    if (isOutdialError(error, 'no_contacts')) {
      const { read } = error.details.report as IntakeReport
      throw new BadInput(`${file}: not one of its ${counted(read, 'row')} can be called`)
    }
    throw asBadInput(error, file)
  }
  if (json) {
    const { intake, ...rest } = told
    const { read, accepted, rejectedRows: rejected, duplicateRows: duplicates } = intake
    stdout.line(JSON.stringify({ rows: { read, accepted, rejected, duplicates }, ...rest }))
    return EXIT.done
  }
  stdout.paragraph(`${printable(file)}: a forecast. No one is called.`)
  for (const line of figures(told, timezone)) stdout.line(line)
  for (const line of chart(stdout, told.hours, timezone)) stdout.line(line)
  return EXIT.done
}
