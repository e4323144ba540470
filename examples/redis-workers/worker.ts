// A process that dials: start as many as you like, on as many machines. SIGTERM stops it when its calls have ended.
import { httpSimulatedCarrier } from '@outdial/simulation/process'
import { createEngine } from 'outdial'
import { openStore } from './store.js'

const [redisUrl = '', prefix = '', carrierUrl = '', apiPort = ''] = process.argv.slice(2)

const store = openStore(redisUrl, prefix)
// The carrier tells the process that takes webhooks, not this one.
const carrier = httpSimulatedCarrier({ url: carrierUrl, callbackUrl: `http://127.0.0.1:${apiPort}/` })
const engine = createEngine({ storage: store.storage, carriers: { sim: carrier } })
await engine.start()

process.once('SIGTERM', async () => {
  await engine.stop()
  await store.close()
  carrier.close()
})
