import { startRole } from '../../support/start-role.js'

/** A way to the server that takes longer. */
export interface SlowLink {
  readonly port: number
  close(): void
}

/** Puts so many milliseconds between a server and its answers: a process of its own, so that its work is nobody's here. */
export async function slowLink(port: number, delay: number): Promise<SlowLink> {
  const { child, ready } = await startRole<number>('slow-link', { port, delay })
  return { port: ready, close: () => child.disconnect() }
}
