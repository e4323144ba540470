import { describe, expect, it } from 'vitest'
import { memoryStorage } from '../../../storage-memory/src/index.js'
import { checkOptions } from '../../src/engine/options.js'
import { isOutdialError } from '../../src/index.js'

const capabilities = { ...memoryStorage().capabilities, durable: false }

/** What an engine made of these options is refused with; `undefined` when it is not. */
function refusal(options: Record<string, unknown>, store: Record<string, unknown> = {}): unknown[] | undefined {
  const storage = { capabilities: { ...capabilities, ...store } }
  try {
    checkOptions({ storage, ...options } as never)
    return undefined
  } catch (error) {
    return isOutdialError(error) ? [error.code, error.details.field, error.message] : [error]
  }
}

const carrier = (more: Record<string, unknown> = {}, methods: Record<string, unknown> = {}) => ({
  capabilities: { lookup: false, hangup: false, ...more },
  ...methods,
})
const field = (options: Record<string, unknown>) => refusal(options)?.slice(0, 2)

describe('the options of an engine', () => {
  it('are taken when all fits', () => {
    const does = async () => {}
    expect(refusal({})).toBeUndefined()
    expect(refusal({ durable: true }, { durable: true })).toBeUndefined()
    expect(refusal({ durable: false })).toBeUndefined()
    const carriers = { sim: carrier({ lookup: true, hangup: true }, { lookup: does, hangup: does }), 'b-2': carrier() }
    const routes = { sim: {}, 'resources:number': {} }
    const all = { carriers, resources: [{ type: 'number' }], limits: { routes }, dial: ['b-2', 'resources:number'] }
    expect(refusal({ ...all, placeAtOnce: 1 })).toBeUndefined()
  })

  it('need a store of the same version of the port, and one that can do what is asked', () => {
    expect(refusal({}, { portVersion: 0 })).toEqual([
      'storage_mismatch',
      'storage',
      expect.stringContaining('speaks version 0 of the storage port, this engine version 2'),
    ])
    expect(refusal({ durable: true })).toEqual(['not_durable', 'durable', expect.stringContaining('durability')])
  })

  it.each(['', 'two words', 'a:b', 'resources:number', 'tab\there'])('refuse a carrier named %j', (name) => {
    const expected = `carriers.${name}: a carrier has a name without spaces and colons`
    expect(refusal({ carriers: { [name]: carrier() } })).toEqual(['invalid_options', `carriers.${name}`, expected])
  })

  it.each(['lookup', 'hangup'])('refuse a carrier that says it can %s, and cannot', (ability) => {
    const [, , message] = refusal({ carriers: { sim: carrier({ [ability]: true }) } }) ?? []
    expect(field({ carriers: { sim: carrier({ [ability]: true }) } })).toEqual(['invalid_options', 'carriers.sim'])
    expect(message).toMatch(ability === 'lookup' ? /can look calls up.*`lookup`/ : /can hang up.*`hangup`/)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuse %j requests at once', (placeAtOnce) => {
    expect(refusal({ placeAtOnce })).toEqual([
      'invalid_options',
      'placeAtOnce',
      'placeAtOnce: expected a whole number from 1',
    ])
  })

  it('refuse limits of and dialing on a route that there is not', () => {
    const some = { carriers: { sim: carrier() }, resources: [{ type: 'number' }] }
    expect(refusal({ ...some, limits: { routes: { number: {} } } })?.slice(1)).toEqual([
      'limits.routes.number',
      'limits.routes.number: there is no such route',
    ])
    expect(refusal({ ...some, dial: ['sim', 'other'] })?.slice(1)).toEqual(['dial', "dial: there is no route 'other'"])
    expect(field({ limits: { routes: { sim: {} } } })).toEqual(['invalid_options', 'limits.routes.sim'])
  })
})
