import { numbersFile } from '@outdial/contacts/node'
import type { Simulation } from './simulation.js'
import { asBadInput } from './source.js'

/** Has nobody called whose number is in a file, as the file is now. Throws `BadInput` for the file. */
export async function suppressFile(
  { engine, during }: Pick<Simulation, 'engine' | 'during'>,
  file: string,
  region: string | undefined,
): Promise<void> {
  const numbers = numbersFile(file, region === undefined ? {} : { defaultRegion: region })
  try {
    await during(() => engine.suppression.replace(numbers))
  } catch (error) {
    throw asBadInput(error, file)
  }
}
