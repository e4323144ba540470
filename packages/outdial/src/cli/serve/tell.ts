import type { Engine } from '@outdial/core'
import type { Logger } from './log.js'

/** Writes what goes wrong in the engine into the log, and the lives of jobs. */
export function tellOf(engine: Engine, log: Logger): void {
  engine.on('job.created', (job) => log.info(job, 'job created'))
  engine.on('job.ended', (job) => log.info(job, 'job ended'))
  engine.on('carrier.failed', (failure) => log.warn(failure, 'carrier failed'))
  engine.on('storage.failed', ({ error, ...rest }) => log.error({ err: error, ...rest }, 'storage failed'))
  engine.on('listener.failed', ({ error, ...rest }) => log.error({ err: error, ...rest }, 'listener failed'))
}
