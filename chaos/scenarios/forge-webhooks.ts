import type { Field } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'

/** Tells workers that live calls have ended, with real refs and a signature that somebody made up, for as long as it lasts. */
export async function forgeWebhooks({ ledger, ports, random, fault }: Field, lasting: number): Promise<void> {
  const forged = new Set<string>()
  for (const end = Date.now() + lasting; Date.now() < end; await sleep(200)) {
    const live = new Set<string>()
    for (const { kind, ref } of ledger()) {
      if (kind === 'placed') live.add(ref)
      if (kind === 'ended') live.delete(ref)
    }
    // The latest, which go on for longest.
    const refs = [...live].filter((ref) => !forged.has(ref)).slice(-10)
    await Promise.all(
      refs.map(async (ref) => {
        forged.add(ref)
        const port = ports[Math.floor(random() * ports.length)]
        const body = JSON.stringify({ ref, type: 'ended', outcome: 'busy', at: Date.now(), callId: 'made up' })
        const headers = { 'x-simulation-timestamp': String(Date.now()), 'x-simulation-signature': 'f'.repeat(64) }
        await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body }).then(
          (answer) => answer.arrayBuffer(),
          () => undefined,
        )
        fault()
      }),
    )
  }
}
