import { createEngine, memoryStorage, type Carrier, type CarrierHost } from 'outdial'
const N = 100_000, C = Number(process.argv[2] ?? 100)
function* rows() { for (let i = 0; i < N; i++) yield { phone: '+1202' + String(2000000 + i), name: 'P' } }
function instant(): Carrier {
  let host: CarrierHost | undefined
  let n = 0
  return {
    capabilities: { idempotency: 'none', lookup: false, hangup: false, amd: false },
    connect(h) { host = h; return () => {} },
    async place({ ref }) {
      const callId = 'call_' + ++n
      const h = host as CarrierHost
      queueMicrotask(() => {
        h.emit({ ref, type: 'ringing', callId }); h.emit({ ref, type: 'answered', callId }); h.emit({ ref, type: 'ended', callId, outcome: 'answered', duration: 1000 })
      })
      return { status: 'accepted', callId }
    },
  }
}
let best = Infinity
for (let r = 0; r < 6; r++) {
  const engine = createEngine({ storage: memoryStorage({ events: Number(process.argv[3] ?? 10000) }), carriers: { sim: instant() }, placeAtOnce: C })
  const job = await engine.calls.create({ name: 'x', carrier: 'sim', from: '+12025550100', contacts: rows(), concurrency: C, start: 'now' })
  const t = performance.now(); const c0 = process.cpuUsage()
  await engine.start()
  const done = await job.finished()
  const ms = performance.now() - t; const cpu = process.cpuUsage(c0)
  best = Math.min(best, (cpu.user + cpu.system) / N)
  if (done.tasks.succeeded !== N) console.log(done)
  await engine.stop()
}
console.log('best cpu us/life', best.toFixed(2))
