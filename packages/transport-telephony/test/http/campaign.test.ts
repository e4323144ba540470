import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type CallJob, createEngine, type Engine, memoryStorage, type Storage, virtualClock } from 'outdial'
import { afterEach, expect, it } from 'vitest'
import { freePort } from '../../../outdial/test/processes/free-port.js'
import { until } from '../../../outdial/test/processes/workers.js'
import { redisServer } from '../../../storage-redis/test/support/redis-server.js'
import { webhookServer } from '../../../storage-redis/test/support/webhook-server.js'
import { httpCarrier } from '../../src/http/index.js'
import { Player } from '../stand-ins/http-player.js'
import { HttpService } from '../stand-ins/http-service.js'
import { CAMPAIGN, CAPABILITIES, people } from './support/people.js'
import type { Told } from './support/worker.js'

const PEOPLE = 500
/** Half a minute is waited for proof that a lost request was not placed. */
const SPEED = 15

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** A service that plays calls, on the clock that everybody has. */
async function playing(seed: string) {
  const epoch = Date.now()
  const clock = virtualClock({ start: epoch, speed: SPEED })
  const service = await HttpService.start(() => clock.now())
  const player = new Player(service, clock, seed)
  cleanups.push(
    () => service.close(),
    () => player.close(),
    () => clock.dispose(),
  )
  return { epoch, clock, service, player }
}

/** What the service's own ledger has to say when a campaign is over. */
function judge(service: HttpService, player: Player): void {
  const calls = service.calls()
  expect(service.ledger.violations).toEqual([])
  expect(service.asked()).toBeGreaterThan(PEOPLE)
  expect(new Set(calls.map(({ to }) => to))).toEqual(new Set(people(PEOPLE).map(({ phone }) => phone)))
  // Everybody answers, so nobody is called a second time whatever went wrong.
  expect(calls).toHaveLength(PEOPLE)
  expect(player.oddities).toBeGreaterThan(0)
}

/** A way to a store that ends when its engine is killed: nothing is answered any more. */
function mortal(storage: Storage, dead: () => boolean): Storage {
  return new Proxy(storage, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        if (dead()) return new Promise(() => {})
        const answer: unknown = Reflect.apply(value, target, args)
        if (!(answer instanceof Promise)) return answer
        return answer.then((reply) => (dead() ? new Promise(() => {}) : reply))
      }
    },
  })
}

it('should call everybody once in memory, whatever the service does and whichever engines are killed', {
  timeout: 120_000,
}, async () => {
  const { clock, service, player } = await playing('memory')
  const memory = memoryStorage()
  const engines: { engine: Engine; kill: () => void }[] = []
  const events = await webhookServer(() => (engines.at(-1) as (typeof engines)[0]).engine)
  const another = async () => {
    let dead = false
    const engine = createEngine({
      storage: mortal(memory, () => dead),
      clock,
      carriers: {
        pbx: httpCarrier({
          baseUrl: service.url,
          secret: service.secret,
          webhookUrl: `${events}/pbx`,
          capabilities: CAPABILITIES,
          timeout: 400,
          clock,
        }),
      },
    }) as unknown as Engine
    const kill = () => {
      dead = true
      void engine.abandon()
    }
    await engine.start()
    engines.push({ engine, kill })
    return engine
  }

  const job = (await (await another()).calls.create({ ...CAMPAIGN, contacts: people(PEOPLE) })) as CallJob
  const { id } = job
  await another()
  for (const after of [60, 150, 240, 330, 420]) {
    await until(() => service.calls().length >= after)
    engines.shift()?.kill()
    await another()
  }
  const last = await engines.at(-1)?.engine.calls.get(id)
  const { state, tasks } = (await last?.finished()) ?? {}
  expect(state).toBe('completed')
  expect(tasks).toMatchObject({ total: PEOPLE, open: 0, succeeded: PEOPLE })
  judge(service, player)
  for (const { engine } of engines) await engine.stop()
})

it('should call everybody once on Redis, whatever the service does and whichever processes are killed', {
  timeout: 180_000,
}, async () => {
  const redis = await redisServer({ persistent: true })
  const { epoch, service, player } = await playing('redis')
  const program = fileURLToPath(new URL('./support/worker.ts', import.meta.url))
  const worker = (port: number): { child: ChildProcess; ended: Promise<string> } => {
    const { url: baseUrl, secret } = service
    const told: Told = { redis: redis.port, baseUrl, secret, port, people: PEOPLE, epoch, speed: SPEED }
    const flags = ['--conditions=@outdial/source', '--import', 'tsx', program, JSON.stringify(told)]
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
    cleanups.push(() => child.kill('SIGKILL'))
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    return { child, ended: once(child, 'close').then(() => output) }
  }

  const steady = worker(await freePort())
  const port = await freePort()
  for (const after of [60, 200, 340]) {
    const { child, ended } = worker(port)
    await until(() => service.calls().length >= after || child.exitCode !== null)
    child.kill('SIGKILL')
    await ended
  }
  const back = worker(port)
  const [output] = await Promise.all([steady.ended, back.ended])
  expect(steady.child.exitCode).toBe(0)
  expect(back.child.exitCode).toBe(0)
  const { state, tasks } = JSON.parse(output)
  expect(state).toBe('completed')
  expect(tasks).toMatchObject({ total: PEOPLE, open: 0, succeeded: PEOPLE })
  judge(service, player)
})
