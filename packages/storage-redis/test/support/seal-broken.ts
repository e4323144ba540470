import type { Redis } from 'ioredis'
import { expect } from 'vitest'
import { redisStorage } from '../../src/index.js'
import { host } from './store-on.js'

/** Seals batch `b` of job `a`, but breaks off after so many steps. */
export async function sealBroken(client: Redis, steps: number, expected: number) {
  let step = 0
  const breaking = new Proxy(client, {
    get(target, name) {
      if (name !== 'callBuffer') return Reflect.get(target, name, target)
      return async (...command: Parameters<typeof target.callBuffer>) => {
        if (String(command[1]).endsWith('_seal') && ++step > steps) throw new Error('Connection is closed.')
        return await target.callBuffer(...command)
      }
    },
  })
  const through = redisStorage({ client: breaking })
  await through.open(host)
  await expect(through.seal('a', 'b', expected, '')).rejects.toThrow('Connection is closed.')
  await through.close()
}
