import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { folder, outdial, start } from '../support/outdial.js'
import { configFile, ended, QUICK, redisServer, SECRET, serving } from '../support/serving.js'

const contacts = [
  { phone: '+12025550101', name: 'Ann Example' },
  { phone: '+12025550102', name: 'Bob Example' },
]
const campaign = { name: 'Reminders', from: '+13035550100', contacts, start: 'now' }
const shell = (command: string) => promisify(execFile)('sh', ['-c', command])

describe('outdial serve', () => {
  it('shows keys, once, and a request for every dialect that works when it is pasted', async () => {
    const running = start(['serve', '--port', '0'], { cwd: folder(), env: {} })
    let shown = ''
    running.child.stdout?.on('data', (text: string) => {
      shown += text
    })
    await running.until(/Try it:\n(?:# \w+\ncurl .+\n){5}/)
    const requests = [...shown.matchAll(/^# (\w+)\n(curl .+)$/gm)]
    expect(requests.map(([, name]) => name)).toEqual(['native', 'carrierx', 'telnyx', 'zudu', 'talkifai'])
    for (const [, , command = ''] of requests) {
      const { stdout } = await shell(`${command} --fail-with-body -o /dev/null -w '%{http_code}'`)
      expect(stdout).toMatch(/^20\d$/)
    }
    running.child.kill('SIGTERM')
    const { code, stderr } = await running.ended
    expect(code).toBe(0)
    expect(stderr).not.toMatch(/\+\d{6}/)
    for (const [key] of shown.matchAll(/o[ks]_[\w-]{32}/g)) expect(stderr).not.toContain(key)
    expect(stderr).toContain('"msg":"stopped"')
  })

  it('takes its own configuration for development from a file', async () => {
    const { code, stdout } = await outdial(['serve', '--print-config'], { cwd: folder() })
    expect(code).toBe(0)
    const running = start(['serve', '--config', configFile(stdout), '--port', '0'], { cwd: folder() })
    await running.until(/"msg":"listening"/)
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(0)
  })

  it('runs a campaign, keeps phone numbers and keys out of the log, and tells how it is', async () => {
    const server = await serving()
    expect(await (await fetch(`${server.base}/healthz`)).json()).toEqual({ status: 'ok' })
    expect(await (await fetch(`${server.base}/readyz`)).json()).toEqual({ status: 'ready' })
    const { body } = await server.ask('POST', '/v1/call-jobs', campaign)
    await ended(server, body.id)
    expect(await server.ask('GET', `/v1/call-jobs/${body.id}`)).toMatchObject({
      status: 200,
      body: { state: 'completed', tasks: { succeeded: 2 } },
    })
    expect((await server.ask('GET', '/v1/organization')).body).toEqual({
      id: 'acme',
      name: 'Acme',
      concurrency: 5,
      balance: { available: 1000, reserved: 0 },
    })
    // Webhooks of carriers have their place; the simulated one has none.
    expect((await fetch(`${server.base}/carriers/simulated/events`, { method: 'POST', body: '{}' })).status).toBe(404)
    server.child.kill('SIGTERM')
    const { code, stdout, stderr } = await server.ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).not.toMatch(/[23]0[23]555/)
    expect(stderr).not.toContain(SECRET)
    const log = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(log.find(({ msg, method }) => msg === 'request' && method === 'POST')).toMatchObject({
      level: 'info',
      route: '/v1/call-jobs',
      dialect: 'native',
      organization: 'acme',
      status: 201,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(log.at(-1)).toMatchObject({ msg: 'stopped' })
  })

  it('goes on where it stopped, over a folder', async () => {
    const storage = `file:${folder()}/kept`
    const first = await serving(QUICK, ['--storage', storage])
    const { body } = await first.ask('POST', '/v1/call-jobs', { ...campaign, start: '2999-01-01T09:00:00Z' })
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    const second = await serving(QUICK, ['--storage', storage])
    expect((await second.ask('GET', `/v1/call-jobs/${body.id}`)).body).toMatchObject({ state: 'scheduled' })
    await second.ask('POST', `/v1/call-jobs/${body.id}/start`)
    await ended(second, body.id)
    expect((await second.ask('GET', `/v1/call-jobs/${body.id}`)).body).toMatchObject({ tasks: { succeeded: 2 } })
    second.child.kill('SIGTERM')
    await second.ended
  })

  it('shares a Redis server: what one process is told, another knows', async () => {
    const storage = await redisServer()
    const [one, other] = [await serving(QUICK, ['--storage', storage]), await serving(QUICK, ['--storage', storage])]
    const { body } = await one.ask('POST', '/v1/call-jobs', { ...campaign, start: 'draft' })
    // The one whose carrier is to have the calls: simulated ones know nothing of each other.
    one.child.kill('SIGTERM')
    expect((await one.ended).code).toBe(0)
    await other.ask('PATCH', '/v1/organization/limits', { concurrency: 1 })
    expect((await other.ask('POST', `/v1/call-jobs/${body.id}/start`)).status).toBe(200)
    await ended(other, body.id)
    const { body: page } = await other.ask('GET', `/v1/call-jobs/${body.id}/tasks`)
    expect(page.items).toMatchObject([{ outcome: 'answered' }, { outcome: 'answered' }])
    const [a, b] = (page.items as { calls: [{ fencedAt: string; endedAt: string }] }[]).map(({ calls }) => calls[0])
    // The limit of one call at once holds.
    expect([a, b].toSorted((x, y) => (x && y && x.fencedAt < y.fencedAt ? -1 : 1))).toSatisfy(
      ([first, second]) => first.endedAt <= second.fencedAt,
    )
    other.child.kill('SIGTERM')
    expect((await other.ended).code).toBe(0)
  })

  it('ends streams, answers what is under way and lets live calls end before it stops', async () => {
    const slow = { simulated: { ...QUICK.carriers.simulated, talk: [1500, 1500] } }
    const server = await serving({ ...QUICK, carriers: slow }, ['--storage', `file:${folder()}/kept`])
    const { body } = await server.ask('POST', '/v1/call-jobs', campaign)
    const events = await fetch(`${server.base}/v1/call-jobs/${body.id}/events`, {
      headers: { authorization: `Bearer ${SECRET}`, accept: 'text/event-stream' },
    })
    const reader = (events.body as ReadableStream<Uint8Array>).getReader()
    let told = ''
    while (!told.includes('"state":"answered"')) told += new TextDecoder().decode((await reader.read()).value)
    server.child.kill('SIGTERM')
    // The stream ends properly: no error, no cut connection.
    while (!(await reader.read()).done);
    const { code, stderr } = await server.ended
    expect(code).toBe(0)
    expect(stderr).not.toContain('left to the store')
  })

  it('leaves at once when it is told twice', async () => {
    const slow = { simulated: { ...QUICK.carriers.simulated, talk: [60_000, 60_000] } }
    const server = await serving({ ...QUICK, carriers: slow, drain: '1m' })
    const { body } = await server.ask('POST', '/v1/call-jobs', campaign)
    const path = `${server.base}/v1/call-jobs/${body.id}/events`
    const events = await fetch(path, { headers: { authorization: `Bearer ${SECRET}`, accept: 'text/event-stream' } })
    const reader = (events.body as ReadableStream<Uint8Array>).getReader()
    let told = ''
    while (!told.includes('"state":"answered"')) told += new TextDecoder().decode((await reader.read()).value)
    server.child.kill('SIGTERM')
    await server.until(/"msg":"stopping"/)
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(143)
  })
})
