import type { AccountProblem, CarrierUse } from '@outdial/core'
import { unreachable } from '../webhooks/public-address.js'
import { type Api, codeOf, dataOf, isGood, objectOf } from './api.js'
import { described } from './errors.js'
import type { CarrierSettings } from './options.js'

/** How many questions are asked at once. */
const AT_ONCE = 16

/** What is wrong with the account, as far as it says so. Throws when it cannot be asked. */
export async function check(
  api: Api,
  settings: CarrierSettings,
  use: CarrierUse | undefined,
  assistant: string | undefined,
): Promise<AccountProblem[]> {
  const problems = await checkApplication(api, settings)
  // With a key that is refused nothing else can be asked.
  if (problems.some(({ field }) => field === 'apiKey')) return problems
  const hidden = unreachable(settings.webhookUrl, settings.service)
  if (hidden !== undefined) problems.push({ field: 'webhookUrl', message: hidden })
  const from = [...new Set(use?.from ?? [])]
  for (let i = 0; i < from.length; i += AT_ONCE) {
    const found = await Promise.all(from.slice(i, i + AT_ONCE).map((number) => checkCallerId(api, number)))
    problems.push(...found.flat())
  }
  if (assistant !== undefined) problems.push(...(await checkAssistant(api, assistant)))
  return problems
}

async function checkApplication(api: Api, { connectionId }: CarrierSettings): Promise<AccountProblem[]> {
  const reply = await api.get(`/v2/call_control_applications/${encodeURIComponent(connectionId)}`)
  const code = codeOf(reply)
  if (code === 401 || code === 403)
    return [{ field: 'apiKey', message: 'The service refuses it. Use a V2 API key of this account.' }]
  const about = (message: string) => [{ field: 'connectionId', message }]
  if (code === 404 || code === 422)
    return about(`There is no Call Control application ${connectionId} in this account.`)
  const application = dataOf(reply)
  if (!application) throw new Error(`telnyx: the application was not read: ${described(reply)}`)
  if (application.active === false) return about('The application is not active. Activate it in the portal.')
  if (application.webhook_api_version === '1')
    return about('The application sends webhooks of API version 1. Set it to version 2.')
  const outbound = objectOf(application.outbound)
  if (outbound && !outbound.outbound_voice_profile_id)
    return about('The application has no outbound voice profile, so it cannot call. Assign one in the portal.')
  return []
}

/** A caller id is one of the account's numbers, or one that was verified. */
async function checkCallerId(api: Api, number: string): Promise<AccountProblem[]> {
  const reply = await api.get('/v2/phone_numbers', {
    'filter[phone_number]': number.replace('+', ''),
    'page[size]': 20,
  })
  const { data } = (isGood(reply) && objectOf(reply.json)) || {}
  if (!Array.isArray(data)) throw new Error(`telnyx: the account's numbers were not read: ${described(reply)}`)
  if (data.some((one) => objectOf(one)?.phone_number === number)) return []
  const verified = await api.get(`/v2/verified_numbers/${encodeURIComponent(number)}`)
  if (isGood(verified)) return []
  if (codeOf(verified) !== 404 && codeOf(verified) !== 422)
    throw new Error(`telnyx: the verified numbers were not read: ${described(verified)}`)
  return [{ field: 'from', message: `${number} is neither a number of this account nor verified by it.` }]
}

async function checkAssistant(api: Api, id: string): Promise<AccountProblem[]> {
  const reply = await api.get(`/v2/ai/assistants/${encodeURIComponent(id)}`)
  if (isGood(reply)) return []
  if (codeOf(reply) === 404 || codeOf(reply) === 422)
    return [{ field: 'agent', message: `There is no AI assistant ${id} in this account.` }]
  throw new Error(`telnyx: the assistant was not read: ${described(reply)}`)
}
