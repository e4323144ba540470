import type { Carrier, CarrierHost } from 'outdial'

const TALKED = 30_000

/**
 * The least a carrier can be: it accepts a call and, once the engine has taken that answer, tells in the same turn of the
 * event loop that it rings, is answered and has ended. So what is measured is the engine.
 */
export function instantCarrier(): Carrier {
  let host: CarrierHost | undefined
  let calls = 0
  /** Calls placed since the last microtask. */
  let placed: { ref: string; callId: string }[] = []
  const tellAll = (told: typeof placed) => {
    for (const { ref, callId } of told) {
      host?.emit({ ref, type: 'ringing', callId })
      host?.emit({ ref, type: 'answered', callId })
      host?.emit({ ref, type: 'ended', callId, outcome: 'answered', duration: TALKED })
    }
  }
  return {
    capabilities: { idempotency: 'none', lookup: false, hangup: false, amd: false },
    connect(engine) {
      host = engine
      return () => {
        host = undefined
      }
    },
    place({ ref }) {
      const callId = `call_${++calls}`
      if (placed.length === 0) {
        const told = placed
        // The engine reacts to an answer in the next microtask; this comes two behind it.
        void Promise.resolve()
          .then(() => {
            placed = []
          })
          .then(() => {})
          .then(() => tellAll(told))
      }
      placed.push({ ref, callId })
      return Promise.resolve({ status: 'accepted', callId } as const)
    },
  }
}
