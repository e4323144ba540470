import { type Engine, isOutdialError, type ResourceBackend, type Storage } from '@outdial/core'
import { simulatedCarrier, simulatedInventory } from '@outdial/simulation'
import { createHttpTransport, type HttpTransport } from '@outdial/transport-http'
import { memoryAccounts } from '../../accounts/memory-accounts.js'
import { createEngine } from '../../create-engine.js'
import { type ApiKey, memoryDirectory } from '../../directory/memory-directory.js'
import { systemClock } from '../../system-clock.js'
import { BadInput } from '../exit.js'
import type { Config } from './config.js'
import { secretFrom } from './config-file.js'
import { dialectOf } from './dialects.js'
import type { Logger } from './log.js'

/** What is served. */
export interface Assembled {
  engine: Engine
  transport: HttpTransport
}

/** Puts engine and transport together as the configuration says. Throws `BadInput` for what does not fit together. */
export function assemble(config: Config, storage: Storage, keys: readonly ApiKey[], log: Logger): Assembled {
  try {
    return assembled(config, storage, keys, log)
  } catch (error) {
    throw isOutdialError(error) ? new BadInput(`the configuration does not fit together: ${error.message}`) : error
  }
}

function assembled(config: Config, storage: Storage, keys: readonly ApiKey[], log: Logger): Assembled {
  const clock = systemClock()
  const { carriers: given, carrier = Object.keys(given)[0] ?? '' } = config
  if (!Object.hasOwn(given, carrier)) throw new BadInput(`carrier: there is no '${carrier}' among the carriers`)
  const carriers = Object.fromEntries(
    Object.entries(given).map(([name, { type: _, cps, concurrency: __, ...options }]) => [
      name,
      simulatedCarrier({
        ...defined(options),
        clock,
        ledger: false,
        ...(cps !== undefined && { capabilities: { cps } }),
      }),
    ]),
  )
  const directory = memoryDirectory({
    // Limits that were changed through the API since count, in whichever process that was.
    organizations: config.organizations.map(({ credits, ...known }) => ({
      ...defined(known),
      limitsSince: clock.now(),
      ...(credits !== undefined && { account: known.id }),
    })),
    numbers: config.numbers.map((number) => defined(number)),
    keys,
  })
  const accounts = memoryAccounts(
    Object.fromEntries(
      config.organizations.flatMap(({ id, credits }) => (credits === undefined ? [] : [[id, credits]])),
    ),
  )
  const resources: ResourceBackend[] = []
  if (config.inventory) {
    const { type: _, ...options } = config.inventory
    resources.push(simulatedInventory({ ...defined(options), clock }))
  }
  const { concurrency, cps } = config
  const engine = createEngine({
    storage,
    carriers,
    resources,
    directory,
    accounts,
    clock,
    durable: config.durable,
    callerIds: config.callerIds,
    limits: {
      everything: defined({ concurrency, cps }),
      routes: Object.fromEntries(
        Object.entries(given).flatMap(([name, { concurrency }]) =>
          concurrency === undefined ? [] : [[name, { concurrency }]],
        ),
      ),
    },
  }) as Engine
  const transport = createHttpTransport({
    engine,
    directory,
    accounts,
    resources,
    carrier,
    clock,
    dialects: config.dialects.map((one) => dialectOf(one).dialect),
    callerIds: config.callerIds,
    limits: defined(config.limits),
    ...defined({ publicUrl: config.publicUrl, basePath: config.basePath, cors: config.cors }),
    ...(config.signingKey && { signingKey: secretFrom(config.signingKey, 'signingKey', 32) }),
    onError: (error, { requestId, method, route }) =>
      log.error({ err: error, requestId, method, route }, 'request failed'),
    onRequest: ({ duration, ...entry }) => log.info({ ...entry, duration: Math.round(duration * 10) / 10 }, 'request'),
  })
  return { engine, transport }
}

/** The same without what is `undefined`: an absent option is one that is not there. */
function defined<T extends object>(options: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}
