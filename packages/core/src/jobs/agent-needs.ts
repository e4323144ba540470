import { isOutdialError } from '../errors/outdial-error.js'
import type { Carrier } from '../ports/carrier.js'
import type { Contact, RowProblem } from '../ports/contacts.js'
import type { CallSpec } from './spec.js'

/** What keeps a contact from being called by its agent, found when it is added and not when its phone rings. */
export type Lacking = (contact: Contact<unknown>) => [RowProblem, ...RowProblem[]] | undefined

/** Compares contacts with what their agents are told of them. */
export function agentNeeds(carrier: Carrier | undefined, spec: CallSpec): Lacking {
  if (!carrier?.needs) return () => undefined
  return ({ agent, variables }) => {
    try {
      const needs = carrier.needs?.(agent ?? spec.agent) ?? []
      const [first, ...others] = needs.filter((name) => isEmpty((variables as Record<string, unknown>)[name]))
      return first === undefined ? undefined : [missing(first), ...others.map(missing)]
    } catch (error) {
      if (!isOutdialError(error, 'invalid_options')) throw error
      return [{ code: 'agent_unknown', column: 'agent', message: error.message }]
    }
  }
}

/** A column that the file has and this row leaves empty. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function missing(column: string): RowProblem {
  return { code: 'variable_missing', column, message: `The agent says ${column}, and this contact has none.` }
}
