// Where your PBX goes. This one rings for a moment, and most people answer.
const live = new Map()

/** Starts a call. `tell(state, result)` says how far it has got. */
export function dial({ ref, agent, ringTimeout, maxDuration }, tell) {
  const step = (ms, run) => live.set(ref, { timer: setTimeout(run, ms), tell })
  const end = (result) => {
    live.delete(ref)
    tell('ended', result)
  }
  const busy = Math.random() < 0.1
  step(20 + Math.random() * 50, () => {
    if (busy) return end({ outcome: 'busy', raw: { sip: 486 } })
    tell('ringing')
    step(Math.min(30 + Math.random() * 100, ringTimeout), () => {
      tell('answered') // and says `agent`, with the person's name in it
      const talk = Math.min(50 + Math.random() * 200, maxDuration)
      step(talk, () => end({ outcome: 'answered', duration: Math.round(talk), raw: { sip: 200, said: agent ?? '' } }))
    })
  })
}

export function hangUp(ref) {
  const call = live.get(ref)
  if (!call) return
  clearTimeout(call.timer)
  live.delete(ref)
  call.tell('ended', { outcome: 'canceled', raw: { sip: 487 } })
}
