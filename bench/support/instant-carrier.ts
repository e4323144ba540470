import type { Carrier, CarrierHost } from 'outdial'

const TALKED = 30_000

/**
 * The least a carrier can be: it accepts a call and, once the engine has taken that answer, tells in the same turn of the
 * event loop that it rings, is answered and has ended. So what is measured is the engine.
 */
export function instantCarrier(): Carrier {
  let host: CarrierHost | undefined
  let calls = 0
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
      const answer = Promise.resolve({ status: 'accepted', callId } as const)
      // Behind the engine's own reaction to the answer, two steps of its promise chain later.
      void answer
        .then(nothing)
        .then(nothing)
        .then(() => {
          host?.emit({ ref, type: 'ringing', callId })
          host?.emit({ ref, type: 'answered', callId })
          host?.emit({ ref, type: 'ended', callId, outcome: 'answered', duration: TALKED })
        })
      return answer
    },
  }
}

const nothing = () => {}
