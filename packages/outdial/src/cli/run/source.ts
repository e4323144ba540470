import { type ContactRowSource, type ContactsErrorCode, SOURCE_ERRORS } from '@outdial/contacts'
import { contactsFile } from '@outdial/contacts/node'
import { isOutdialError, type OutdialError } from '@outdial/core'
import { BadInput } from '../exit.js'
import { whyNot } from './file-errors.js'

/** The rows of a file, by what its name says it is. Throws `BadInput` when the name says nothing of use. */
export function contactRows(file: string): ContactRowSource {
  try {
    return contactsFile(file)
  } catch (error) {
    throw asBadInput(error, file)
  }
}

/** An error that the file of contacts or a flag is to blame for, as the user's mistake; any other as it is. `saidBy`: which flag has said an option. */
export function asBadInput(error: unknown, file: string, saidBy: Readonly<Record<string, string>> = {}): unknown {
  if (isOutdialError(error, 'invalid_options') || isOutdialError(error, 'invalid_schedule')) {
    const [option = ''] = String(error.details.field ?? '').split(/[.[]/)
    const flag = Object.hasOwn(saidBy, option) ? `${saidBy[option]}: ` : ''
    return new BadInput(`${flag}${error.message}`)
  }
  if (!isSourceError(error)) return error
  if (error.code === 'file_type_unknown') return new BadInput(error.message)
  const { cause } = error
  return new BadInput(
    `${file}: ${error.code === 'file_unreadable' && cause ? `cannot be read: ${whyNot(cause)}` : error.message}`,
  )
}

function isSourceError(error: unknown): error is OutdialError<ContactsErrorCode> {
  return isOutdialError(error) && Object.hasOwn(SOURCE_ERRORS, error.code)
}
