import type { Host } from '../engine/host.js'

/** Work is interrupted after so long, so that calls that are under way are heard meanwhile. */
const AT_MOST = 12

/** Lets others have their turn in long work. By the engine's clock: where time stands still, it is nobody's to have. */
export function breather(host: Host): () => Promise<void> {
  let since = host.clock.monotonic()
  return async () => {
    if (host.clock.monotonic() - since < AT_MOST) return
    await host.pause(0, host.ended)
    since = host.clock.monotonic()
  }
}
