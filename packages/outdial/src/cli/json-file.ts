import { readFile } from 'node:fs/promises'
import { BadInput } from './exit.js'
import { whyNot } from './run/file-errors.js'

/** What a file of JSON holds. Throws `BadInput` naming who asks for it, and the file. */
export async function jsonFrom(path: string, field: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new BadInput(`${field}: ${path} cannot be read: ${whyNot(error)}`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new BadInput(`${field}: ${path} is no JSON: ${(error as Error).message}`)
  }
}
