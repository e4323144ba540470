import { csv, json, jsonl, numberColumn, numbers } from '@outdial/contacts'
import type { SuppressionNumbers } from '@outdial/core'
import type { Body } from '../../frame/body.js'
import { RequestFailed } from '../../frame/failure.js'

/** Content types that lists of numbers come in. */
export const NUMBER_UPLOADS: readonly string[] = ['text/plain', 'text/csv', 'application/x-ndjson', 'application/json']

/** An uploaded list of numbers, read while it comes: one a line, or a column `phone` of rows. One that is wrong refuses the list. */
export function uploadedNumbers(raw: Body, defaultRegion: string | undefined): SuppressionNumbers {
  const options = defaultRegion === undefined ? {} : { defaultRegion }
  switch (raw.type) {
    case 'text/plain':
      return numbers(raw.stream(), options)
    case 'text/csv':
      return numberColumn(csv(raw.stream()), options)
    case 'application/x-ndjson':
    case 'application/jsonl':
      return numberColumn(jsonl(raw.stream()), options)
    case 'application/json':
      return numberColumn(json(raw.stream()), options)
    default:
      throw new RequestFailed({ kind: 'unsupported_media_type', expected: NUMBER_UPLOADS })
  }
}
