import { isOutdialError } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { memoryDirectory } from '../../src/directory/memory-directory.js'

const acme = { id: 'acme', name: 'Acme Example', concurrency: 5 }
const number = { id: 'pn_1', phone: '+12025550100', organization: 'acme' }

describe('memoryDirectory', () => {
  it('should know its organizations and numbers, and nobody else', async () => {
    const directory = memoryDirectory({ organizations: [acme], numbers: [number] })
    expect(await directory.organization('acme')).toEqual(acme)
    expect(await directory.callerNumber('pn_1')).toEqual(number)
    expect(await directory.organization('globex')).toBeUndefined()
    expect(await directory.callerNumber('pn_2')).toBeUndefined()
  })

  it('should know a phone as one of its own organization only', async () => {
    const organizations = [acme, { id: 'globex' }]
    const directory = memoryDirectory({ organizations, numbers: [number, { ...number, id: 'pn_2' }] })
    expect(await directory.ownNumber('acme', number.phone)).toEqual(number)
    expect(await directory.ownNumber('globex', number.phone)).toBeUndefined()
    expect(await directory.ownNumber('acme', '+12025550101')).toBeUndefined()
  })

  it('should let in who has the key, and the secret where there is one', async () => {
    const directory = memoryDirectory({
      organizations: [acme],
      keys: [
        { key: 'key-one', organization: 'acme', scopes: ['batch.read'] },
        { key: 'key-two', secret: 'secret-two', organization: 'acme' },
      ],
    })
    expect(await directory.authenticate({ key: 'key-one' })).toEqual({ organization: 'acme', scopes: ['batch.read'] })
    expect(await directory.authenticate({ key: 'key-two', secret: 'secret-two' })).toEqual({
      organization: 'acme',
      scopes: ['*'],
    })
    expect(await directory.authenticate({ key: 'key-two' })).toBeUndefined()
    expect(await directory.authenticate({ key: 'key-two', secret: 'secret-one' })).toBeUndefined()
    expect(await directory.authenticate({ key: 'key-three' })).toBeUndefined()
  })

  it('should refuse what contradicts itself, naming the field', () => {
    const field = (options: Parameters<typeof memoryDirectory>[0]) => {
      try {
        memoryDirectory(options)
      } catch (error) {
        return isOutdialError(error, 'invalid_options') ? error.details.field : error
      }
      return undefined
    }
    expect(field({ organizations: [acme, acme] })).toBe('organizations[1].id')
    expect(field({ numbers: [number] })).toBe('numbers[0].organization')
    expect(field({ keys: [{ key: 'k', organization: 'globex' }] })).toBe('keys[0].organization')
  })
})
