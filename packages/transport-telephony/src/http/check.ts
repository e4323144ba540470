import type { AccountProblem, CarrierCapabilities, CarrierUse } from '@outdial/core'
import { isLoopback, unreachable } from '../webhooks/public-address.js'
import { trouble } from './errors.js'
import { instant, jsonObject } from './json.js'
import type { HttpSettings } from './options.js'
import type { Service } from './service.js'

type Said = Readonly<Record<string, unknown>>

const PROTOCOL = 1
/** A clock that is wrong by more makes look-ups prove too much or nothing, and in the end signatures too old. */
const SKEW = 10_000

/**
 * What keeps this service from being used as the options say; with `use`, also what the service says of these caller ids
 * and this agent. Rejects when the service cannot be asked.
 */
export async function check(service: Service, settings: HttpSettings, use?: CarrierUse): Promise<AccountProblem[]> {
  const reply = await service.ask({ method: 'GET', path: '/capabilities' })
  if (reply.status !== 'answered') throw new Error(reply.message)
  const { code: status } = reply
  if (status === 401 || status === 403) {
    const more = `${trouble(reply)}. Give both ends the same secret, and compare their clocks.`
    return [{ field: 'secret', message: `The service does not take our signature: ${more}` }]
  }
  const said = jsonObject(reply.body)
  if (status >= 400 && status <= 499 && status !== 408 && status !== 429) return [notThere(settings, trouble(reply))]
  if (status !== 200) throw new Error(trouble(reply))
  if (!said || said.protocol !== PROTOCOL) {
    return [notThere(settings, `it does not say that it speaks version ${PROTOCOL} of the protocol`)]
  }
  const problems = [...differences(settings.capabilities, said), ...clockProblems(settings, said), ...way(settings)]
  if (problems.length > 0 || !use || said.check !== true) return problems
  return ofUse(service, use)
}

function notThere({ baseUrl }: HttpSettings, why: string): AccountProblem {
  const where = `${baseUrl.origin}${baseUrl.pathname.replace(/\/+$/, '')}/capabilities`
  return { field: 'baseUrl', message: `There is no service of the protocol at ${where}: ${why}.` }
}

/** What the options promise and the service does not. That it can do more is no problem. */
function differences(stated: Readonly<CarrierCapabilities>, said: Said): AccountProblem[] {
  const problems: AccountProblem[] = []
  const wrong = (name: string, says: string) =>
    problems.push({ field: `capabilities.${name}`, message: `The service says ${says}; say so in the options.` })
  const { idempotency, lookup, maxDuration, cps } = stated
  if (windowOf(idempotency) > windowOf(said.idempotency)) {
    wrong('idempotency', `idempotency: ${JSON.stringify(said.idempotency ?? 'none')}`)
  }
  if (lookup) {
    const theirs = said.lookup
    if (typeof theirs !== 'object' || theirs === null) wrong('lookup', 'that it cannot look calls up')
    else {
      const { visibilityLag, horizon } = theirs as Said
      if (!(Number(visibilityLag) <= lookup.visibilityLag))
        wrong('lookup.visibilityLag', `visibilityLag: ${visibilityLag}`)
      if (!(Number(horizon) >= lookup.horizon)) wrong('lookup.horizon', `horizon: ${horizon}`)
    }
  }
  if (stated.hangup && said.hangup !== true) wrong('hangup', 'that it cannot hang up')
  if (stated.amd && said.amd !== true) wrong('amd', 'that it cannot tell machines from people')
  for (const [name, value] of [
    ['maxDuration', maxDuration],
    ['cps', cps],
  ] as const) {
    const theirs = said[name]
    if (typeof theirs === 'number' && theirs < (value ?? Number.POSITIVE_INFINITY)) wrong(name, `${name}: ${theirs}`)
  }
  return problems
}

/** For how long a repeated request is harmless, in milliseconds. */
function windowOf(idempotency: unknown): number {
  if (idempotency === 'durable') return Number.POSITIVE_INFINITY
  const window =
    typeof idempotency === 'object' && idempotency !== null ? Number((idempotency as Said).window) : Number.NaN
  return Number.isNaN(window) ? 0 : window
}

function clockProblems({ now }: HttpSettings, said: Said): AccountProblem[] {
  const theirs = instant(said.now)
  const apart = theirs === undefined ? 0 : Math.round((theirs - now()) / 1000)
  if (Math.abs(apart) * 1000 <= SKEW) return []
  const message = `The service’s clock is ${Math.abs(apart)} s ${apart > 0 ? 'ahead of' : 'behind'} this machine’s. Set both by NTP.`
  return [{ field: 'clock', message }]
}

/** What keeps events from coming. A service in a network of one's own reaches what else is there, but not this very machine. */
function way({ baseUrl, webhookUrl }: HttpSettings): AccountProblem[] {
  if (!webhookUrl) return []
  const outside = unreachable(baseUrl, baseUrl) === undefined
  const why = outside || isLoopback(webhookUrl) ? unreachable(webhookUrl, baseUrl) : undefined
  return why === undefined ? [] : [{ field: 'webhookUrl', message: why }]
}

async function ofUse(service: Service, { organization, from, agent }: CarrierUse): Promise<AccountProblem[]> {
  const body = JSON.stringify({ organization, from, ...(agent !== undefined && { agent }) })
  const reply = await service.ask({ method: 'POST', path: '/check', body })
  const problems = reply.status === 'answered' && reply.code === 200 ? jsonObject(reply.body)?.problems : undefined
  if (!Array.isArray(problems)) throw new Error(trouble(reply))
  return problems.map((one: unknown) => {
    const { field, message } = (typeof one === 'object' && one !== null ? one : {}) as Said
    return {
      field: typeof field === 'string' ? field : 'unknown',
      message: typeof message === 'string' ? message.slice(0, 300) : 'The service does not say what is wrong.',
    }
  })
}
