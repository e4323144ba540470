import { csv, json, jsonl } from '@outdial/contacts'
import type { ContactSource } from '@outdial/core'
import type { Body } from '../../frame/body.js'
import { RequestFailed } from '../../frame/failure.js'
import type { HttpLimits } from '../../frame/limits.js'

/** Content types that lists of contacts come in. */
export const UPLOADS: readonly string[] = ['text/csv', 'application/x-ndjson', 'application/json']

/** An uploaded list of contacts as rows, read while it comes: CSV, JSON Lines, or one JSON array. */
export function uploadedContacts(raw: Body, { rows }: HttpLimits): ContactSource {
  const limits = { rows }
  switch (raw.type) {
    case 'text/csv':
      return csv(raw.stream(), { limits })
    case 'application/x-ndjson':
    case 'application/jsonl':
      return jsonl(raw.stream(), { limits })
    case 'application/json':
      return json(raw.stream(), { limits })
    default:
      throw new RequestFailed({ kind: 'unsupported_media_type', expected: UPLOADS })
  }
}
