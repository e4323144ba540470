import { describe, expect, it, onTestFinished } from 'vitest'
import { HttpService } from '../../../../transport-telephony/test/stand-ins/http-service.js'
import { BadInput } from '../../../src/cli/exit.js'
import { accountsOf, carrierOf, numbersOf } from '../../../src/cli/serve/accounts.js'
import { assemble } from '../../../src/cli/serve/assemble.js'
import { checkedConfig } from '../../../src/cli/serve/config-file.js'
import { openLog } from '../../../src/cli/serve/log.js'
import { memoryStorage } from '../../../src/index.js'
import { freePort } from '../../processes/free-port.js'
import { folder, outdial } from '../support/outdial.js'
import { configFile, ended, QUICK, SECRET, serving } from '../support/serving.js'

async function service(): Promise<HttpService> {
  const made = await HttpService.start()
  onTestFinished(() => made.close())
  return made
}

/** A service that has every call answered, ends it soon after, and tells of both. */
function talkative(pbx: HttpService): HttpService {
  const post = async (told: Awaited<ReturnType<HttpService['answer']>>) => {
    for (const { url, headers, body } of told) {
      const { status } = await fetch(url, { method: 'POST', headers: { ...headers }, body })
      expect(status).toBe(204)
    }
  }
  pbx.onPlaced = ({ callId }) =>
    void setTimeout(async () => {
      await post(await pbx.answer(callId))
      await post(await pbx.end(callId, 'completed'))
    }, 20)
  return pbx
}

const pbx = {
  kind: 'http',
  baseUrl: { env: 'PBX_URL' },
  secret: { env: 'PBX_SECRET' },
  capabilities: { lookup: { visibilityLag: 0, horizon: 86_400_000 }, hangup: true },
  cps: 50,
}
const campaign = {
  name: 'Reminders',
  from: '+13035550100',
  contacts: [{ phone: '+12025550101' }, { phone: '+12025550102' }],
  start: 'now',
}

describe('outdial serve with a carrier that has an account', () => {
  it('calls by way of it, takes its webhooks at a path of its own, and keeps its secret', async () => {
    const there = talkative(await service())
    const port = await freePort()
    const base = `http://127.0.0.1:${port}`
    const config = { ...QUICK, port, publicUrl: base, carriers: { pbx } }
    const server = await serving(config, [], { PBX_URL: there.url, PBX_SECRET: there.secret })
    const { body } = await server.ask('POST', '/v1/call-jobs', campaign)
    await ended(server, body.id)
    expect((await server.ask('GET', `/v1/call-jobs/${body.id}`)).body).toMatchObject({ tasks: { succeeded: 2 } })
    expect(there.requests.map(({ body: { webhookUrl } }) => webhookUrl)).toEqual(
      Array(2).fill(`${base}/carriers/pbx/events`),
    )
    const [forged] = await there.foreign()
    const unsigned = there.forged(forged as never, 'unsigned')
    const told = await fetch(`${base}/carriers/pbx/events`, { method: 'POST', body: unsigned.body })
    expect(told.status).toBe(401)
    // What the service would refuse is refused before anybody is called.
    const theirs = { ...campaign, from: there.notOwned }
    expect((await server.ask('POST', '/v1/call-jobs', theirs)).status).toBe(404)
    server.child.kill('SIGTERM')
    const { code, stderr, stdout } = await server.ended
    expect(code).toBe(0)
    for (const text of [stderr, stdout]) expect(text).not.toContain(there.secret)
  })

  it('takes the webhooks by which its live calls end while it stops, and nothing else', async () => {
    const there = await service()
    const port = await freePort()
    const base = `http://127.0.0.1:${port}`
    const config = { ...QUICK, port, publicUrl: base, carriers: { pbx }, drain: '1m' }
    const server = await serving(config, [], { PBX_URL: there.url, PBX_SECRET: there.secret })
    const placed = new Promise<string>((resolve) => {
      there.onPlaced = ({ callId }) => resolve(callId)
    })
    await server.ask('POST', '/v1/call-jobs', { ...campaign, contacts: campaign.contacts.slice(0, 1) })
    const callId = await placed
    const post = async ([told]: Awaited<ReturnType<HttpService['answer']>>) =>
      (await fetch(told?.url ?? '', { method: 'POST', headers: { ...told?.headers }, body: told?.body ?? '' })).status
    expect(await post(await there.answer(callId))).toBe(204)
    server.child.kill('SIGTERM')
    await server.until(/"msg":"stopping"/)
    expect(await server.ask('GET', '/v1/call-jobs')).toMatchObject({ status: 503, body: { code: 'engine_stopped' } })
    expect((await fetch(`${base}/healthz`)).status).toBe(200)
    expect(await (await fetch(`${base}/readyz`)).json()).toEqual({ status: 'not ready', problem: 'stopping' })
    expect(await post(await there.end(callId, 'completed'))).toBe(204)
    const { code, stderr } = await server.ended
    expect(code).toBe(0)
    expect(stderr).not.toContain('left to the store')
  })

  it('says at start what is wrong with the account, by its place, and ends with 2', async () => {
    const there = await service()
    const other = await service()
    const env = { ACME_KEY: SECRET, PBX_URL: there.url, PBX_SECRET: other.secret }
    const config = configFile({ ...QUICK, carriers: { pbx } })
    const { code, stderr } = await outdial(['serve', '--config', config], { cwd: folder(), env })
    expect(code).toBe(2)
    expect(stderr).toContain('outdial: an account cannot do its work as it is set up')
    expect(stderr).toMatch(/^ {2}carriers\.pbx\.secret: The service does not take our signature/m)
    for (const secret of [other.secret, SECRET]) expect(stderr).not.toContain(secret)
  })
})

/** What is said of a configuration that is read and put together; nothing is opened. */
async function refusal(config: object, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    const checked = checkedConfig({ ...QUICK, ...config }, 'serve.json')
    const { close } = await assemble(checked, accountsOf(checked), memoryStorage(), [], openLog('silent', []))
    await close()
    return 'nothing'
  } catch (error) {
    expect(error).toBeInstanceOf(BadInput)
    return `${(error as BadInput).message} ${(error as BadInput).hint ?? ''}`
  } finally {
    process.env = before
  }
}

describe('what the file says of accounts', () => {
  const env = { PBX_URL: 'https://pbx.example.com', PBX_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }

  it('goes together', async () => {
    expect(await refusal({ carriers: { pbx } }, env)).toBe('nothing')
    const older = { carriers: { one: { type: 'simulated' } }, resources: undefined, inventory: { type: 'simulated' } }
    expect(await refusal(older)).toBe('nothing')
  })

  it.each<[what: string, config: object, says: string]>([
    [
      'a variable that is not there',
      { carriers: { pbx: { ...pbx, secret: { env: 'NO_SUCH' } } } },
      'carriers.pbx.secret: the environment has no NO_SUCH',
    ],
    [
      'a secret in the file',
      { carriers: { pbx: { ...pbx, secret: 'whsec_x' } } },
      'carriers.pbx.secret: secrets are not written into the file',
    ],
    ['an option that is not known', { carriers: { pbx: { ...pbx, secrte: 1 } } }, 'carriers.pbx.secrte: is not known'],
    [
      'a kind that is not there',
      { carriers: { pbx: { kind: 'pigeon' } } },
      'expected one of simulated, twilio, telnyx, http',
    ],
    [
      'an option that is missing',
      { carriers: { pbx: { kind: 'http', secret: pbx.secret } } },
      'carriers.pbx.baseUrl: ',
    ],
    [
      'an option that cannot be',
      { carriers: { pbx: { ...pbx, codes: { x: 'never' } } } },
      'carriers.pbx.codes.x: expected one of',
    ],
    [
      'a key in the file',
      { resources: { kind: 'telnyx', apiKey: 'KEY0123' } },
      'resources.apiKey: secrets are not written into the file',
    ],
    [
      'an account that nobody divided',
      { organizations: [{ id: 'acme' }, { id: 'globex' }], resources: { kind: 'twilio', accountSid: 'AC1' } },
      'resources: there are several organizations',
    ],
  ])('%s is told by its place', async (_, config, says) => {
    expect(await refusal(config, env)).toContain(says)
  })

  it('is read from the environment only where it may be', () => {
    Object.assign(process.env, env)
    const metadata = { env: 'production' }
    const headers = { 'x-tenant': 'acme', authorization: { env: 'PBX_SECRET' } }
    const config = checkedConfig({ ...QUICK, carriers: { pbx: { ...pbx, metadata, headers } } }, 'serve.json')
    const { carriers, secrets } = accountsOf(config)
    expect(carriers.get('pbx')?.options).toMatchObject({
      metadata,
      headers: { 'x-tenant': 'acme', authorization: env.PBX_SECRET },
      baseUrl: env.PBX_URL,
    })
    expect(secrets).toContain(env.PBX_SECRET)
  })

  it('says when the package that is installed does not have it', async () => {
    const account = { field: 'carriers.x', kind: 'http', options: {} } as const
    await expect(numbersOf(account)).rejects.toThrow('has no httpNumbers')
    await expect(carrierOf(account)).rejects.toThrow(/^carriers\.x\.baseUrl: /)
  })
})
