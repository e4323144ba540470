import type { Storage } from 'outdial'

/** Methods of a storage that are done otherwise; the rest stays. */
export type Otherwise = Partial<Omit<Storage, 'capabilities'>>

/** Every method of a storage, bound to it, so that it can be wrapped whatever it is made of. */
export function bound(inner: Storage): Storage {
  return {
    capabilities: inner.capabilities,
    open: (...args) => inner.open(...args),
    createJob: (...args) => inner.createJob(...args),
    openBatch: (...args) => inner.openBatch(...args),
    stage: (...args) => inner.stage(...args),
    seal: (...args) => inner.seal(...args),
    discard: (...args) => inner.discard(...args),
    control: (...args) => inner.control(...args),
    setLimits: (...args) => inner.setLimits(...args),
    usage: (...args) => inner.usage(...args),
    setList: (...args) => inner.setList(...args),
    getList: (...args) => inner.getList(...args),
    scanList: (...args) => inner.scanList(...args),
    exchange: (...args) => inner.exchange(...args),
    load: (...args) => inner.load(...args),
    overdue: (...args) => inner.overdue(...args),
    waitForWork: (...args) => inner.waitForWork(...args),
    getJob: (...args) => inner.getJob(...args),
    listJobs: (...args) => inner.listJobs(...args),
    getTask: (...args) => inner.getTask(...args),
    scanTasks: (...args) => inner.scanTasks(...args),
    findTask: (...args) => inner.findTask(...args),
    events: (...args) => inner.events(...args),
    recount: (...args) => inner.recount(...args),
    takeLedger: (...args) => inner.takeLedger(...args),
    acknowledgeLedger: (...args) => inner.acknowledgeLedger(...args),
    redact: (...args) => inner.redact(...args),
    purge: (...args) => inner.purge(...args),
    close: () => inner.close(),
  }
}
