import type { Storage, VirtualClock } from '../../../outdial/src/index.js'
import type { RedisClient } from '../../src/index.js'
import { RedisStorage } from '../../src/redis-storage.js'
import { GIVEN_CLOCK } from './given-clock.lua.js'

/**
 * A store on a real server with the time of a virtual clock, which stands still while the server is asked. What is asked is done one
 * after the other, so that whoever looks at the store right behind a step sees what that step made of it.
 */
export function heldStore(client: RedisClient, clock: VirtualClock, prefix: string): Storage {
  const options = { client: held(client, clock), prefix, events: 1_000_000 }
  const storage = new RedisStorage(options, { givenClock: GIVEN_CLOCK })
  let tail: Promise<unknown> = Promise.resolve()
  return new Proxy<Storage>(storage, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown
      if (typeof value !== 'function') return value
      // It takes as long as it takes, and the clock goes on meanwhile.
      if (name === 'waitForWork' || name === 'close') return value.bind(target)
      return (...args: unknown[]) => {
        const release = clock.hold()
        const answer = tail.then(() => value.apply(target, args) as Promise<unknown>)
        tail = answer.catch(() => {}).finally(release)
        return answer
      }
    },
  })
}

function held(client: RedisClient, clock: VirtualClock): RedisClient {
  return {
    ...(client.options && { options: client.options }),
    duplicate: (options) => client.duplicate(options),
    callBuffer: (...args) => clock.during(client.callBuffer(...args)),
  }
}
