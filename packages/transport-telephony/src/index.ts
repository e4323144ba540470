export { type Template, template, urlValue, xmlValue } from './agents/template.js'
export { sipOutcome } from './outcomes/sip.js'
export type { Deadlines, Reply, WireRequest } from './wire/reply.js'
export { Wire, type WireOptions } from './wire/wire.js'
