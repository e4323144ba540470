import { expect, it } from 'vitest'
import { LANE, newJob } from '../../conformance/src/support/jobs.js'
import { Intake } from '../src/intake/intake.js'
import { baseOf, Server } from '../src/server.js'
import { host, storeOn } from './support/store-on.js'

it('should say that a batch is sealed only by an answer that cannot be lost, also when somebody else has sealed it', async () => {
  const { client, storage } = await storeOn([])
  await storage.open(host)
  await storage.createJob(newJob({ id: 'a' }))
  await storage.openBatch('a', 'b', 'b')
  for (let seq = 0; seq < 4; seq++) {
    const tasks = [{ payload: String(seq), notBefore: Date.now() + 60_000 }]
    await storage.stage('a', 'b', { seq, lane: LANE, tasks })
  }
  const server = new Server(client, baseOf('outdial'), 100)
  const safe: boolean[] = []
  const told: Pick<Server, 'run' | 'read'> = {
    async run(name, args, options = {}) {
      if (safe.length === 1) await storage.seal('a', 'b', 4, '')
      safe.push(options.safe === true)
      return server.run(name, args, options)
    },
    read: (names) => server.read(names),
  }
  const sealed = await new Intake(told as Server, () => 'nonce').seal('a', 'b', 4, '')
  expect(sealed).toMatchObject({ first: 0, count: 4 })
  expect(safe).toEqual([true, false, true])
})
