import type { AccountProblem, CarrierUse } from '@outdial/core'
import { urlValue } from '../agents/template.js'
import { unreachable } from '../webhooks/public-address.js'
import type { Agent, Agents } from './agents.js'
import { type Answer, type Json, problemOf, type TwilioApi } from './api.js'
import type { Applications } from './applications.js'
import { isAccount } from './errors.js'
import type { Credentials } from './options.js'

type Refused = Extract<Answer, { status: 'refused' }>

/** What is wrong with an account. Rejects when Twilio cannot be asked. */
export async function checkAccount(
  api: TwilioApi,
  { accountSid, authToken, user }: Pick<Credentials, 'accountSid' | 'authToken' | 'user'>,
): Promise<AccountProblem[]> {
  const withKey = user !== accountSid
  const answer = await api.account()
  if (answer.status === 'ok') {
    const problem = inactive(answer.body)
    return [...problem, ...(withKey && authToken !== undefined ? await checkToken(api, authToken) : [])]
  }
  if (answer.status !== 'refused') throw cannotSay(answer)
  if (!withKey) return refused(answer, 'authToken')
  // Keys may be kept from accounts, and still place calls.
  const numbers = await api.get('IncomingPhoneNumbers.json', { PageSize: 1 })
  if (numbers.status === 'ok' || (numbers.status === 'refused' && numbers.error.status === 403)) {
    return authToken === undefined ? [] : checkToken(api, authToken)
  }
  if (numbers.status !== 'refused') throw cannotSay(numbers)
  return refused(numbers, 'apiKeySecret')
}

/** A token that only signs. With a wrong one no webhook would hold. */
async function checkToken(api: TwilioApi, token: string): Promise<AccountProblem[]> {
  const answer = await api.account(undefined, token)
  if (answer.status === 'ok') return inactive(answer.body)
  if (answer.status !== 'refused') throw cannotSay(answer)
  return refused(answer, 'authToken')
}

function inactive({ status }: Json): AccountProblem[] {
  if (status === undefined || status === 'active') return []
  return [{ field: 'accountSid', message: `The account is ${String(status)}. See the Twilio console.` }]
}

function refused(answer: Refused, field: string): AccountProblem[] {
  const { error } = answer
  if (error.status === 404) return [{ field: 'accountSid', message: 'There is no such account.' }]
  if (isAccount(error) || error.status === 403) {
    return [
      { field, message: `Twilio refuses it (${error.code}). Compare it, and the account's SID, with the console.` },
    ]
  }
  throw cannotSay(answer)
}

/** What is wrong with how campaigns would call. */
export interface Checking {
  readonly api: TwilioApi
  readonly agents: Agents
  readonly applications: Applications
  readonly account: Credentials
  readonly webhookUrl: URL
  readonly byoc: boolean
}

/** See `Carrier.check`. */
export async function check(checking: Checking, use?: CarrierUse): Promise<AccountProblem[]> {
  const { api, account, agents, webhookUrl } = checking
  const found = await checkAccount(api, account)
  const hidden = unreachable(webhookUrl, account.base)
  if (hidden !== undefined) found.push({ field: 'webhookUrl', message: hidden })
  // Nothing else can be asked of an account that does not let us in.
  if (found.some(({ field }) => field !== 'webhookUrl')) return found
  if (!use) {
    const each = [...agents.configured()].map(([field, agent]) => checkAgent(checking, field, agent))
    return [...found, ...(await Promise.all(each)).flat()]
  }
  const agent = use.agent === undefined ? [] : [checkAgent(checking, 'agent', agents.find(use.agent))]
  const callerIds = checking.byoc ? [] : [...new Set(use.from)].map((from) => checkCallerId(api, from))
  return [...found, ...(await Promise.all([...agent, ...callerIds])).flat()]
}

async function checkAgent({ applications, account }: Checking, field: string, agent: Agent): Promise<AccountProblem[]> {
  if (agent.kind === 'url') {
    const message = unreachable(new URL(agent.template.render({}, urlValue)), account.base)
    return message === undefined ? [] : [{ field, message }]
  }
  if (agent.kind === 'twiml') return []
  const found = await applications.find(agent.sid)
  if (found.status === 'found') return []
  if (found.status === 'none') return [{ field, message: `The application ${agent.sid} has no voice address.` }]
  if (found.status === 'refused' && found.error.status === 404) {
    return [{ field, message: `The account has no application ${agent.sid}.` }]
  }
  throw cannotSay(found)
}

/** A caller id has to be a number of the account's, or one that it has shown to be its own. */
async function checkCallerId(api: TwilioApi, from: string): Promise<AccountProblem[]> {
  const [number] = await withNumber(api, 'IncomingPhoneNumbers', 'incoming_phone_numbers', from)
  if (number) {
    const able = (number.capabilities as { voice?: unknown } | undefined)?.voice !== false
    return able ? [] : [{ field: 'from', message: `${from} is a number of the account that cannot make calls.` }]
  }
  const [verified] = await withNumber(api, 'OutgoingCallerIds', 'outgoing_caller_ids', from)
  if (verified) return []
  const message = `${from} is neither a number of the account nor a verified caller id. Buy or verify it, or call from another.`
  return [{ field: 'from', message }]
}

async function withNumber(api: TwilioApi, path: string, list: string, from: string): Promise<Json[]> {
  const answer = await api.get(`${path}.json`, { PhoneNumber: from, PageSize: 50 })
  if (answer.status !== 'ok') throw cannotSay(answer)
  const found = answer.body[list]
  return Array.isArray(found) ? (found as Json[]).filter((one) => one?.phone_number === from) : []
}

function cannotSay(answer: Exclude<Answer, { status: 'ok' }>): Error {
  return new Error(`Twilio cannot be asked: ${problemOf(answer)}`)
}
