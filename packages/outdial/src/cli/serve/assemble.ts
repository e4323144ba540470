import {
  type AnyCarrier,
  type Clock,
  type Engine,
  isOutdialError,
  type ResourceBackend,
  type Storage,
} from '@outdial/core'
import { simulatedCarrier, simulatedInventory } from '@outdial/simulation'
import { createHttpTransport, type HttpTransport } from '@outdial/transport-http'
import { memoryAccounts } from '../../accounts/memory-accounts.js'
import { createEngine } from '../../create-engine.js'
import { type ApiKey, memoryDirectory } from '../../directory/memory-directory.js'
import type { Assumptions } from '../../forecast/assumptions.js'
import { forecast } from '../../forecast/forecast.js'
import { ledgerFile } from '../../ledger/ledger-file.js'
import { systemClock } from '../../system-clock.js'
import { defined } from '../defined.js'
import { BadInput } from '../exit.js'
import { type Account, type Accounts, carrierOf, numbersOf } from './accounts.js'
import type { Config } from './config.js'
import { secretFrom } from './config-file.js'
import { dialectOf } from './dialects.js'
import type { Logger } from './log.js'
import { policyOf } from './policy.js'

/** It runs beside the answers to others, so it is a short one: some seconds. */
const FORECAST_SAMPLE = 2000

/** What is served. */
export interface Assembled {
  engine: Engine
  transport: HttpTransport
  /** Lets go of the connections of carriers and back ends, when the engine has stopped. */
  close(): Promise<void>
}

/** Puts engine and transport together as the configuration says. Throws `BadInput` for what does not fit together. */
export async function assemble(
  config: Config,
  accounts: Accounts,
  storage: Storage,
  keys: readonly ApiKey[],
  log: Logger,
): Promise<Assembled> {
  try {
    return await assembled(config, accounts, storage, keys, log)
  } catch (error) {
    throw isOutdialError(error) ? new BadInput(`the configuration does not fit together: ${error.message}`) : error
  }
}

async function assembled(
  config: Config,
  { carriers: services, resources: service }: Accounts,
  storage: Storage,
  keys: readonly ApiKey[],
  log: Logger,
): Promise<Assembled> {
  const clock = systemClock()
  const { carriers: given, carrier = Object.keys(given)[0] ?? '' } = config
  if (!Object.hasOwn(given, carrier)) throw new BadInput(`carrier: there is no '${carrier}' among the carriers`)
  const { rates, campaigns } = await policyOf(config)
  const carriers: Record<string, AnyCarrier> = {}
  for (const [name, one] of Object.entries(given)) {
    if (one.kind === 'simulated') carriers[name] = simulated(one, clock)
    else carriers[name] = await carrierOf(services.get(name) as Account)
  }
  const directory = memoryDirectory({
    // Limits that were changed through the API since count, in whichever process that was.
    organizations: config.organizations.map(({ credits, ...known }) => ({
      ...defined(known),
      limitsSince: clock.now(),
      ...(credits !== undefined && { account: known.id }),
    })),
    numbers: config.numbers.map(({ concurrency: _, cps: __, perDay: ___, ...number }) => defined(number)),
    keys,
  })
  const accounts = memoryAccounts(
    Object.fromEntries(
      config.organizations.flatMap(({ id, credits }) => (credits === undefined ? [] : [[id, credits]])),
    ),
  )
  const resources: ResourceBackend[] = []
  if (service) resources.push(await numbersOf(service))
  else if (config.resources?.kind === 'simulated') {
    const { kind: _, ...options } = config.resources
    resources.push(simulatedInventory({ ...defined(options), clock }))
  }
  const { concurrency, cps } = config
  const ledger = config.ledger === undefined ? undefined : ledgerFile(config.ledger)
  const engine = createEngine({
    storage,
    carriers,
    resources,
    directory,
    accounts,
    clock,
    durable: config.durable,
    ...(ledger && { ledger }),
    callerIds: config.callerIds,
    rates,
    ...engineOptions(config),
    limits: {
      everything: defined({ concurrency, cps }),
      routes: {
        ...Object.fromEntries(Object.entries(given).map(([name, { concurrency }]) => [name, defined({ concurrency })])),
        ...(service && { [`resources:${resources[0]?.type}`]: defined({ cps: service.options.cps as number }) }),
      },
    },
  }) as Engine
  const transport = createHttpTransport({
    engine,
    directory,
    accounts,
    resources,
    carrier,
    clock,
    forecast: (job, { assume, ...options }) =>
      forecast(job, { ...options, ...(assume && { assume: assume as Assumptions }), sample: FORECAST_SAMPLE }),
    dialects: config.dialects.map((one) => dialectOf(one).dialect),
    callerIds: config.callerIds,
    campaigns,
    limits: defined(config.limits),
    ...defined({ publicUrl: config.publicUrl, basePath: config.basePath, cors: config.cors }),
    ...(config.signingKey && { signingKey: secretFrom(config.signingKey, 'signingKey', 32) }),
    onError: (error, { requestId, method, route }) =>
      log.error({ err: error, requestId, method, route }, 'request failed'),
    onRequest: ({ duration, ...entry }) => log.info({ ...entry, duration: Math.round(duration * 10) / 10 }, 'request'),
  })
  const accountsMade = [...Object.values(carriers), ...resources]
  return {
    engine,
    transport,
    close: async () => void (await Promise.allSettled([...accountsMade.map(hangUp), ledger?.close()])),
  }
}

/** What is the engine's to judge, as the file has it. */
function engineOptions({ breaker, quarantine, placeAtOnce, dial, numberZones }: Config) {
  return {
    ...(breaker !== undefined && { breaker: breaker && defined(breaker) }),
    ...(quarantine !== undefined && { quarantine: quarantine && defined(quarantine) }),
    ...(placeAtOnce !== undefined && { placeAtOnce }),
    ...(dial && { dial }),
    ...(!numberZones && { zones: false as const }),
  }
}

function simulated({ kind: _, cps, concurrency: __, ...options }: SimulatedGiven, clock: Clock): AnyCarrier {
  const capabilities = cps !== undefined && { capabilities: { cps } }
  return simulatedCarrier({ ...defined(options), clock, ledger: false, ...capabilities })
}

/** Ends the connections that an account keeps alive, if it has any. */
async function hangUp(account: object): Promise<void> {
  const { close } = account as { close?: unknown }
  if (typeof close === 'function') await close.call(account)
}

type SimulatedGiven = Extract<Config['carriers'][string], { kind: 'simulated' }>
