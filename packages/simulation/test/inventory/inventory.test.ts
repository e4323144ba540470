import type { Applied, OperationContext, ResourceBackend } from '@outdial/core'
import { describe, expect, test } from 'vitest'
import { type SimulatedInventory, simulatedInventory, virtualClock } from '../../src/index.js'

const ref = (index: number, attempt = 1) => `job_test:${index}:${attempt}:n0nce`
const context = (index = 0, changes: Partial<OperationContext> = {}): OperationContext => ({
  organization: 'acme',
  ref: ref(index),
  startable: () => true,
  ...changes,
})
const number = '+12025550100'
const by = (value: string, field = 'phonenumber') => ({ field, value })
const kinds = ({ ledger }: SimulatedInventory) => [...ledger].map(({ kind }) => kind)

describe('what it holds', () => {
  const inventory = simulatedInventory({
    numbers: {
      acme: [number, { phonenumber: '+12025550101', id: '77', connection_id: 'c1' }],
      other: ['+12025550102'],
    },
  })

  test('is found by number and by id, by its owner alone', async () => {
    const found = await inventory.find('acme', by(number))
    expect(found).toEqual({
      id: expect.stringMatching(/^num_[0-9a-z]{12}$/),
      fields: { id: found?.id, phonenumber: number, tags: [], deletion_lock_enabled: false },
    })
    expect(await inventory.find('acme', by(found?.id ?? '', 'id'))).toEqual(found)
    expect(await inventory.find('acme', by('77', 'id'))).toMatchObject({ fields: { connection_id: 'c1' } })
    expect(await inventory.find('other', by(number))).toBeUndefined()
    expect(await inventory.find('acme', by('+12025550102'))).toBeUndefined()
    expect(await inventory.find('acme', by('c1', 'connection_id'))).toBeUndefined()
    expect(inventory.numbers('other').map(({ fields }) => fields.phonenumber)).toEqual(['+12025550102'])
    expect(inventory.numbers()).toEqual([])
  })

  test('is listed for its owner alone', async () => {
    const numbers = async (organization: string) => {
      const list: unknown[] = []
      for await (const { id, fields } of inventory.list(organization)) list.push([id === fields.id, fields.phonenumber])
      return list
    }
    expect(await numbers('acme')).toEqual([
      [true, number],
      [true, '+12025550101'],
    ])
    expect(await numbers('other')).toEqual([[true, '+12025550102']])
    expect(await numbers('nobody')).toEqual([])
    expect(kinds(inventory).filter((kind) => kind === 'listed')).toHaveLength(3)
  })

  test('is shown as a copy', async () => {
    const { fields = {} } = (await inventory.find('acme', by(number))) ?? {}
    ;(fields.tags as string[]).push('mine')
    expect(await inventory.find('acme', by(number))).toMatchObject({ fields: { tags: [] } })
  })

  test('is there once', () => {
    expect(() => inventory.add('acme', '+12025550102')).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })

  test('is a back end as the port wants it', () => {
    const backend: ResourceBackend = inventory
    expect(backend).toMatchObject({
      type: 'phonenumber',
      capabilities: { keys: ['phonenumber', 'id'], concurrency: 16, createVisibility: 0, phone: 'phonenumber' },
    })
  })
})

describe('what it does', () => {
  test('enables HD voice where there is any', async () => {
    const inventory = simulatedInventory({
      numbers: { acme: [number, { phonenumber: '+12025550101', hd_voice_available: false }] },
    })
    const set = (phone: string, hd_voice_enabled: boolean) =>
      inventory.update(by(phone), { hd_voice_enabled }, context())
    expect(await set(number, true)).toMatchObject({ status: 'done' })
    expect(await set('+12025550101', false)).toMatchObject({ status: 'done' })
    expect(await set('+12025550101', true)).toMatchObject({
      status: 'failed',
      errors: [{ code: 'invalid_value', pointer: '/hd_voice_enabled' }],
    })
  })

  test('answers questions in a time of their own', async () => {
    const clock = virtualClock({ start: 0 })
    const inventory = simulatedInventory({
      clock,
      numbers: { acme: [number] },
      latency: [50, 50],
      lookupLatency: [0, 0],
      lag: [1000, 1000],
    })
    expect(await inventory.find('acme', by(number))).toBeDefined()
    const made = inventory.create({}, context())
    await clock.advance(50)
    await made
    const count = async () => {
      let all = 0
      for await (const _ of inventory.list('acme')) all++
      return all
    }
    expect(await count()).toBe(1)
    await clock.advance(1000)
    expect(await count()).toBe(2)
    inventory.setFaults({ findFails: ({ method }) => method === 'list' })
    await expect(count()).rejects.toThrow('the search failed')
  })

  test('creates, with the number asked for or one that is free', async () => {
    const inventory = simulatedInventory({ seed: 'x' })
    const given = (await inventory.create({ phonenumber: number, tags: ['a'] }, context(0))) as Applied & {
      status: 'done'
    }
    expect(given).toMatchObject({ status: 'done', resource: { fields: { phonenumber: number, tags: ['a'] } } })
    const free = await inventory.create({ customer_reference: 'r' }, context(1))
    expect(free).toMatchObject({
      status: 'done',
      resource: { fields: { phonenumber: '+12005550100', customer_reference: 'r' } },
    })
    expect(await inventory.findCreated({}, { organization: 'acme', ref: ref(0) })).toEqual(given.resource)
    expect(await inventory.findCreated({}, { organization: 'acme', ref: ref(2) })).toBeUndefined()
    expect(kinds(inventory)).toEqual(['created', 'created', 'found', 'notFound'])
    // A seed is a world.
    const again = await simulatedInventory({ seed: 'x' }).create({ phonenumber: number, tags: ['a'] }, context(0))
    expect(again).toEqual(given)
  })

  test.each([
    [{ phonenumber: number }, 'already_exists', '/phonenumber'],
    [{ phonenumber: '2025550100' }, 'invalid_value', '/phonenumber'],
    [{ phonenumber: 12025550100 }, 'invalid_value', '/phonenumber'],
    [{ id: 'mine' }, 'invalid_value', '/id'],
    [{ tags: 'a' }, 'invalid_value', '/tags'],
    [{ deletion_lock_enabled: 'yes' }, 'invalid_value', '/deletion_lock_enabled'],
  ])('does not create %j', async (data, code, pointer) => {
    const inventory = simulatedInventory({ numbers: { other: [number] } })
    expect(await inventory.create(data, context())).toMatchObject({ status: 'failed', errors: [{ code, pointer }] })
    expect(inventory.numbers('acme')).toEqual([])
    expect([...inventory.ledger]).toEqual([{ at: 0, kind: 'refused', organization: 'acme', ref: ref(0), detail: code }])
  })

  test('updates any field but the keys', async () => {
    const inventory = simulatedInventory({ numbers: { acme: [number] } })
    const [{ id } = { id: '' }] = inventory.numbers('acme')
    const data = { tags: ['a'], voice: { format: 'mp3' }, phonenumber: number, id }
    expect(await inventory.update(by(number), data, context())).toMatchObject({
      status: 'done',
      resource: { id, fields: data },
    })
    for (const wrong of [{ phonenumber: '+12025550199' }, { id: 'x' }]) {
      const [pointer] = Object.keys(wrong).map((name) => `/${name}`)
      expect(await inventory.update(by(id, 'id'), wrong, context())).toMatchObject({
        status: 'failed',
        errors: [{ pointer }],
      })
    }
    expect(await inventory.update(by(number), { a: 1 }, context(1, { organization: 'other' }))).toMatchObject({
      errors: [{ code: 'not_found', pointer: '/phonenumber' }],
    })
    expect(inventory.numbers('acme')).toEqual([{ id, fields: { ...data, deletion_lock_enabled: false } }])
    expect(inventory.ledger.applied('updated')).toEqual(new Map([['job_test:0', [id]]]))
  })

  test('deletes, unless it is locked; what is gone is gone', async () => {
    const inventory = simulatedInventory({ numbers: { acme: [{ phonenumber: number, deletion_lock_enabled: true }] } })
    const locked = await inventory.delete(by(number), context())
    expect(locked).toMatchObject({
      status: 'failed',
      errors: [{ code: 'deletion_locked', pointer: '/deletion_lock_enabled' }],
    })
    await inventory.update(by(number), { deletion_lock_enabled: false }, context(1))
    expect(await inventory.delete(by(number), context(2))).toMatchObject({
      status: 'done',
      resource: { fields: { phonenumber: number } },
    })
    expect(await inventory.delete(by(number), context(3))).toEqual({ status: 'done' })
    expect(kinds(inventory)).toEqual(['refused', 'updated', 'deleted', 'absent'])
    // The number is free for anybody again.
    expect(await inventory.create({ phonenumber: number }, context(4, { organization: 'other' }))).toMatchObject({
      status: 'done',
    })
  })

  test('sends nothing that may no longer be started', async () => {
    const inventory = simulatedInventory({ numbers: { acme: [number] } })
    expect(await inventory.delete(by(number), context(0, { startable: () => false }))).toMatchObject({
      status: 'unavailable',
    })
    expect(kinds(inventory)).toEqual(['notSent'])
  })
})

describe('what goes wrong', () => {
  test('answers are slow, and it is done somewhere in between', async () => {
    const clock = virtualClock()
    const inventory = simulatedInventory({ clock, latency: [1000, 1000] })
    const started = clock.now()
    const answers = [0, 1, 2].map((index) => inventory.create({ index }, context(index)))
    expect(inventory.open).toBe(3)
    await clock.advance(999)
    expect(inventory.open).toBe(3)
    const times = [...inventory.ledger].map(({ at }) => at - started)
    expect(times).toHaveLength(3)
    expect(new Set(times).size).toBeGreaterThan(1)
    await clock.advance(1)
    expect(await Promise.all(answers)).toMatchObject(Array(3).fill({ status: 'done' }))
    expect(inventory).toMatchObject({ open: 0, mostOpen: 3 })
  })

  test('items fail in the words they were given', async () => {
    const error = { code: '10015', title: 'Bad Request', detail: 'must exist', pointer: '/emergency_address_id' }
    const inventory = simulatedInventory({
      numbers: { acme: [number, '+12025550101'] },
      faults: { fails: [{ when: ({ entry }) => entry === number, ...error }] },
    })
    expect(await inventory.update(by(number), { a: 1 }, context())).toEqual({ status: 'failed', errors: [error] })
    expect(await inventory.update(by('+12025550101'), { a: 1 }, context(1))).toMatchObject({ status: 'done' })
  })

  test('time-outs: after doing it, before it, by exception, in silence', async () => {
    const inventory = simulatedInventory({
      faults: { timeoutApplied: ({ data }) => data?.n === 0, timeoutNotApplied: ({ data }) => data?.n === 1 },
    })
    expect(await inventory.create({ n: 0 }, context(0))).toMatchObject({ status: 'unknown' })
    expect(await inventory.create({ n: 1 }, context(1))).toMatchObject({ status: 'unknown' })
    expect(inventory.ledger.counts()).toEqual({ created: 1, lost: 1 })
    inventory.setFaults({ timeoutApplied: 1, throws: 1 })
    await expect(inventory.create({}, context(2))).rejects.toThrow('simulated fault')
    inventory.setFaults({ timeoutApplied: 1, silent: 1 })
    const silence = inventory.create({}, context(3))
    expect(await Promise.race([silence, new Promise((resolve) => setImmediate(resolve, 'silence'))])).toBe('silence')
    expect(inventory.ledger.counts()).toEqual({ created: 3, lost: 1 })
    expect(inventory.open).toBe(1)
  })

  test('a request that lay somewhere is done after it was given up', async () => {
    const clock = virtualClock()
    const inventory = simulatedInventory({ clock, faults: { timeoutApplied: 1, transit: [5000, 5000] } })
    expect(inventory.capabilities.createVisibility).toBe(5000)
    expect(await inventory.create({}, context())).toMatchObject({ status: 'unknown' })
    expect(inventory.numbers('acme')).toEqual([])
    await clock.advance(5000)
    expect(inventory.numbers('acme')).toHaveLength(1)
  })

  test('what is new stays hidden for a while', async () => {
    const clock = virtualClock()
    const inventory = simulatedInventory({ clock, lag: [3000, 3000] })
    await inventory.create({ phonenumber: number }, context())
    const look = () =>
      Promise.all([
        inventory.find('acme', by(number)),
        inventory.findCreated({}, { organization: 'acme', ref: ref(0) }),
      ])
    await clock.advance(2999)
    expect(await look()).toEqual([undefined, undefined])
    expect(inventory.numbers('acme')).toHaveLength(1)
    await clock.advance(1)
    expect(await look()).toEqual([...inventory.numbers('acme'), ...inventory.numbers('acme')])
  })

  test('it is throttled above its pace, and unavailable when told', async () => {
    const clock = virtualClock()
    const inventory = simulatedInventory({ clock, cps: 2, numbers: { acme: [number] } })
    const update = (n: number) => inventory.update(by(number), { n }, context(n))
    expect([await update(0), await update(1), await update(2)]).toMatchObject([
      { status: 'done' },
      { status: 'done' },
      { status: 'throttled', retryAfter: 500 },
    ])
    await clock.advance(500)
    expect(await update(2)).toMatchObject({ status: 'done' })
    inventory.setFaults({ unavailable: 1 })
    await clock.advance(500)
    expect(await update(3)).toEqual({ status: 'unavailable' })
  })

  test('searches fail', async () => {
    const inventory = simulatedInventory({
      numbers: { acme: [number] },
      faults: { findFails: ({ time }) => time === 1 },
    })
    await expect(inventory.find('acme', by(number))).rejects.toThrow('simulated fault')
    expect(await inventory.find('acme', by(number))).toBeDefined()
    expect(kinds(inventory)).toEqual(['notAsked', 'found'])
  })

  test('a probability is decided anew each time, and the same for the same seed', async () => {
    const run = async (seed: number) => {
      const inventory = simulatedInventory({ seed, numbers: { acme: [number] }, faults: { unavailable: 0.5 } })
      const statuses = []
      for (let n = 0; n < 40; n++) statuses.push((await inventory.update(by(number), { n }, context(n))).status)
      return statuses
    }
    const statuses = await run(1)
    expect(new Set(statuses)).toEqual(new Set(['done', 'unavailable']))
    expect(await run(1)).toEqual(statuses)
    expect(await run(2)).not.toEqual(statuses)
  })
})

describe('the judge', () => {
  test('sees a task for which two were created, whatever the attempt', async () => {
    const inventory = simulatedInventory()
    await inventory.create({}, context(0))
    await inventory.create({}, context(1))
    expect(inventory.ledger.createdTwice()).toEqual([])
    await inventory.create({}, context(1, { ref: ref(1, 2) }))
    const ids = inventory.numbers('acme').map(({ id }) => id)
    expect(inventory.ledger.createdTwice()).toEqual([{ task: 'job_test:1', ids: ids.slice(1) }])
    expect(inventory.ledger.size).toBe(3)
  })
})

describe('what it refuses to be made of', () => {
  const clock = virtualClock()
  test.each([
    ['clock', { latency: [0, 1] }],
    ['clock', { lag: [0, 1] }],
    ['clock', { cps: 1 }],
    ['clock', { faults: { transit: [1, 2] } }],
    ['latency', { clock, latency: [2, 1] }],
    ['lag', { clock, lag: [-1, 1] }],
    ['cps', { clock, cps: 0 }],
    ['burst', { clock, cps: 1, burst: 0 }],
    ['concurrency', { concurrency: 0.5 }],
    ['createVisibility', { createVisibility: -1 }],
    ['faults.throws', { faults: { throws: 2 } }],
    ['faults.findFails', { faults: { findFails: Number.NaN } }],
    ['faults.fails[0].when', { faults: { fails: [{ when: 'always', code: 'x', title: 'x' }] } }],
    ['numbers', { numbers: { acme: [number, number] } }],
  ])('%s: %j', (field, options) => {
    expect(() => simulatedInventory(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid_options', details: { field } }),
    )
  })

  test('faults set later are judged too', () => {
    const inventory = simulatedInventory()
    expect(() => inventory.setFaults({ silent: -1 })).toThrow(
      expect.objectContaining({ details: { field: 'faults.silent' } }),
    )
    expect(() => inventory.setFaults({ transit: [1, 2] })).toThrow(
      expect.objectContaining({ details: { field: 'clock' } }),
    )
  })

  test('what cannot look for creations says so', async () => {
    const inventory = simulatedInventory({ createVisibility: false })
    await expect(inventory.findCreated({}, { organization: 'acme', ref: ref(0) })).rejects.toMatchObject({
      code: 'not_supported',
    })
  })
})
