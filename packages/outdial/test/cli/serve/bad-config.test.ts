import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, vi } from 'vitest'
import { parseArguments } from '../../../src/cli/args.js'
import { serveCommand } from '../../../src/cli/serve/command.js'
import { serve } from '../../../src/cli/serve/serve.js'
import { freePort } from '../../processes/free-port.js'
import { folder, outdial } from '../support/outdial.js'
import { configFile, QUICK, SECRET } from '../support/serving.js'

/** In a process of its own. */
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  outdial(['serve', ...args], { cwd: folder(), env: { ACME_KEY: SECRET, ...env } })

/** Here: what it refuses, it refuses before anything is opened. */
async function refusal(args: readonly string[], env: Record<string, string> = { ACME_KEY: SECRET }): Promise<string> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  try {
    const surroundings = { stdout: undefined as never, stderr: undefined as never, version: '' }
    await serve(parseArguments(args, serveCommand), surroundings)
    return 'nothing'
  } catch (error) {
    expect(error).toHaveProperty('name', 'BadInput')
    return (error as Error).message
  } finally {
    vi.unstubAllEnvs()
  }
}

it('says what to do when the port is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { code, stderr } = await run(['--config', configFile(QUICK), '--port', String(port)])
  server.close()
  expect(code).toBe(2)
  expect(stderr).toContain(`outdial: port ${port} of 127.0.0.1 is taken`)
  expect(stderr).toContain('Name another with --port')
})

it.each<[what: string, args: string[], says: string]>([
  ['a port that is none', ['--port', '99999'], "--port: '99999' is not a port from 0 to 65535"],
  ['a storage that is none', ['--storage', 'postgres://x'], '--storage: expected memory, file: and the path'],
  ['a file that is not there', ['--config', 'nowhere.json'], '--config: nowhere.json cannot be read'],
  ['a word too many', ['config.json'], 'serve takes no config.json; the file comes after --config'],
])('refuses %s', async (_, args, says) => {
  expect(await refusal(args)).toContain(says)
})

it('tells of everything that is wrong in the file, by its place', async () => {
  const wrong = {
    ...QUICK,
    prot: 8080,
    dialects: ['esperanto'],
    keys: [{ organization: 'acme', key: 'written-into-the-file-0123456789' }],
    numbers: [{ id: 'pn_1', phone: '555', organization: 'acme' }],
  }
  const message = await refusal(['--config', configFile(wrong)])
  expect(message).toContain('prot: is not known')
  expect(message).toMatch(/dialects\[0\]: expected one of native/)
  expect(message).toContain('keys[0].key: secrets are not written into the file')
  expect(message).toContain('numbers[0].phone: expected a number such as +12025550100')
})

const POLICY: readonly [what: string, more: object, says: string][] = [
  ['rates of nobody', { rates: { other: { default: { perMinute: 1 } } } }, "rates.other: there is no carrier 'other'"],
  [
    'a rate that is none',
    { rates: { simulated: { prefixes: { '+1': { perMinute: -1 } } } } },
    'rates.simulated.prefixes.+1.perMinute',
  ],
  ['rates in no file', { rates: { simulated: 'none.json' } }, 'rates.simulated: none.json cannot be read'],
  ['a rule set that is none', { campaigns: { rules: ['texas'] } }, "campaigns.rules[0]: 'texas' is neither one of"],
  [
    'a rule set without rules',
    { campaigns: { rules: [{ id: 'a', version: '1', source: 'x' }] } },
    'campaigns.rules[0]: has no rule',
  ],
  ['a named one without', { ruleSets: [{ id: 'a', version: '1', source: 'x' }] }, 'ruleSets: rules'],
  ['a default that is none', { campaigns: { defaults: { attempts: 0 } } }, 'campaigns.defaults.attempts'],
  ['a default that is not known', { campaigns: { defaults: { attempt: 2 } } }, 'campaigns.defaults.attempt: '],
  [
    'a budget of what nobody can price',
    { campaigns: { defaults: { budget: { total: 5 } } } },
    "campaigns.defaults.budget: nobody knows what calls through 'simulated' cost",
  ],
  [
    'a zone that is none',
    { organizations: [{ id: 'acme', timezone: 'Mars' }] },
    'organizations[0].timezone: is not an IANA',
  ],
  ['a breaker that is none', { breaker: { failures: 2 } }, 'breaker.failures: Too big'],
  ['a quarantine that is none', { quarantine: true }, 'quarantine: expected after'],
  ['a length of time that is none', { quarantine: { within: 'soon' } }, 'quarantine.within'],
  ['a route that is none', { dial: ['other'] }, "dial: there is no route 'other'"],
  ['a list in no file', { port: 0, suppression: [{ file: 'none.txt' }] }, 'suppression[0]: none.txt: cannot be read'],
  [
    'a list that was never true',
    { port: 0, suppression: [{ file: 'none.txt', asOf: 'once' }] },
    'suppression[0]: asOf',
  ],
  [
    'a list of nobody',
    { port: 0, suppression: [{ file: 'x', organization: 'x' }] },
    "suppression[0].organization: there is no organization 'x'",
  ],
]

it.each<[what: string, config: unknown, env: Record<string, string>, says: string]>([
  ['JSON that is none', '{', {}, 'is no JSON'],
  ['a secret that is not there', QUICK, {}, 'keys[0].key: the environment has no ACME_KEY'],
  [
    'a secret that can be guessed',
    QUICK,
    { ACME_KEY: 'secret' },
    'keys[0].key: ACME_KEY is shorter than 16 characters',
  ],
  ['a carrier that is none', { ...QUICK, carrier: 'other' }, { ACME_KEY: SECRET }, "carrier: there is no 'other'"],
  [
    'a number of nobody',
    { ...QUICK, numbers: [{ id: 'a', phone: '+13035550100', organization: 'initech' }] },
    { ACME_KEY: SECRET },
    "numbers[0].organization: there is no organization 'initech'",
  ],
  ...POLICY.map(([what, more, says]): [string, unknown, Record<string, string>, string] => [
    what,
    { ...QUICK, ...more },
    { ACME_KEY: SECRET },
    says,
  ]),
  ['a store that forgets, asked not to', { ...QUICK, durable: true }, { ACME_KEY: SECRET }, 'durab'],
])('refuses %s', async (_, config, env, says) => {
  expect(await refusal(['--config', configFile(config)], env)).toContain(says)
})

it('says where it looked for a Redis server that is not there, without the password', async () => {
  const address = `redis://:hunter2hunter2@127.0.0.1:${await freePort()}`
  const message = await refusal(['--config', configFile(QUICK), '--storage', address])
  expect(message).toMatch(/--storage: redis:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/)
  expect(message).not.toContain('hunter2')
})

it('says what to install when there is no client for Redis', async () => {
  const hooks = `export const resolve = (name, context, next) => {
    if (name !== 'ioredis') return next(name, context)
    throw Object.assign(new Error("Cannot find package 'ioredis'"), { code: 'ERR_MODULE_NOT_FOUND' })
  }`
  const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
  const register = url(`import { register } from 'node:module'; register(${JSON.stringify(url(hooks))})`)
  const { code, stderr } = await run(['--config', configFile(QUICK), '--storage', 'redis://127.0.0.1'], {
    NODE_OPTIONS: `--import=${register}`,
  })
  expect(code).toBe(2)
  expect(stderr).toContain('--storage: redis: needs ioredis, which cannot be loaded')
  expect(stderr).toContain('npm install ioredis')
})
