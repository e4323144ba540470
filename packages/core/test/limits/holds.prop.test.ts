import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Held,
  type HoldSpace,
  type LimitState,
  newLimit,
  refusal,
  release,
  take,
  usage,
} from '../../src/limits/holds.js'
import type { Hold, LimitRule } from '../../src/ports/storage-limits.js'

const WINDOW = 1000

describe('refusal and take', () => {
  const command = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('take' as const),
        n: fc.integer({ min: 1, max: 3 }),
        ahead: fc.constantFrom(0, 0, 50),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('release' as const),
        which: fc.nat(),
        placed: fc.boolean(),
        spent: fc.option(fc.nat(3), { nil: undefined }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 40, 400, 1000, 2500) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('limit' as const), to: fc.nat(6) }) },
  )
  const kinds = fc.constantFrom<'slots' | 'cap' | 'money'>('slots', 'cap', 'money')

  it('should admit exactly what fits', () => {
    fc.assert(
      fc.property(kinds, fc.nat(6), fc.array(command), (kind, first, commands) => {
        const space = new Space()
        let limit = first
        space.set('k', rule(kind, limit))
        let holds: { held: Held; n: number; at: number }[] = []
        let spent = 0
        let stamps: number[] = []

        for (const command of commands) {
          if (command.do === 'wait') space.now += command.ms
          if (command.do === 'limit') {
            limit = command.to
            space.set('k', rule(kind, limit))
          }
          if (command.do === 'take') {
            const hold: Hold = { key: 'k', n: command.n }
            const at = space.now + command.ahead
            const taken = {
              slots: holds.reduce((sum, { n }) => sum + n, 0),
              money: holds.reduce((sum, { n }) => sum + n, 0) + spent,
              cap: stamps.filter((stamp) => stamp > at - WINDOW).length,
            }[kind]
            const again = refusal(space, hold, at)
            if (taken + command.n <= limit) {
              expect(again).toBeUndefined()
              holds.push({ held: take(space, hold, at), n: command.n, at })
              if (kind === 'cap') for (let i = 0; i < command.n; i++) stamps.push(at)
            } else {
              expect(again).toBeGreaterThan(space.now)
            }
          }
          const chosen = command.do === 'release' ? holds[command.which % Math.max(1, holds.length)] : undefined
          if (command.do === 'release' && chosen) {
            holds = holds.filter((hold) => hold !== chosen)
            release(space, chosen.held, command.placed, command.spent)
            if (command.placed) spent += command.spent ?? chosen.n
            else for (let i = 0; i < chosen.n; i++) stamps = without(stamps, chosen.at)
          }
          const { used, live } = space.limit('k')
          expect(used).toBe(kind === 'cap' ? 0 : holds.reduce((sum, { n }) => sum + n, 0))
          expect(live).toBe(used)
          expect(space.limit('k').spent).toBe(kind === 'money' ? spent : 0)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('should admit a capped hold at the time it named, if nobody else came', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(300), { maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        (cap, gaps, n) => {
          const space = new Space()
          space.set('k', { cap, windowMs: WINDOW })
          for (const gap of gaps) {
            space.now += gap
            if (refusal(space, { key: 'k', n: 1 }, space.now) === undefined) take(space, { key: 'k', n: 1 }, space.now)
          }
          const again = refusal(space, { key: 'k', n }, space.now)

          if (n > cap) expect(again).toBe(Number.POSITIVE_INFINITY)
          if (again === undefined || again === Number.POSITIVE_INFINITY) return
          space.now = again - 1
          expect(refusal(space, { key: 'k', n }, space.now)).toBeDefined()
          space.now = again
          expect(refusal(space, { key: 'k', n }, space.now)).toBeUndefined()
        },
      ),
    )
  })

  it('should pace a hold as GCRA does, and name the time at which it is admitted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400)),
        fc.double({ min: 0.5, max: 50, noNaN: true }),
        fc.integer({ min: 1, max: 5 }),
        (gaps, rate, burst) => {
          const space = new Space()
          space.set('k', { rate, burst })
          const starts: number[] = []
          for (const gap of gaps) {
            space.now += gap
            const again = refusal(space, { key: 'k', n: 1 }, space.now)
            if (again !== undefined) space.now = again
            expect(refusal(space, { key: 'k', n: 1 }, space.now)).toBeUndefined()
            take(space, { key: 'k', n: 1 }, space.now)
            starts.push(space.now)
          }

          for (const [i, from] of starts.entries()) {
            for (let j = i; j < starts.length; j++) {
              expect(j - i + 1).toBeLessThanOrEqual((((starts[j] as number) - from) * rate) / 1000 + burst + 1e-6)
            }
          }
        },
      ),
    )
  })

  it('should not forget a start because one granted for a later instant came before', () => {
    const space = new Space()
    space.set('k', { cap: 2, windowMs: WINDOW })
    const hold = { key: 'k', n: 1 }
    const first = space.now
    take(space, hold, first + 10)
    take(space, hold, first + 20)
    space.now += WINDOW
    take(space, hold, space.now + 50)

    expect(refusal(space, hold, space.now)).toBeDefined()
  })

  it('should keep the stamps of a cap oldest first, and none that no window counts any more', () => {
    const waits = fc.array(
      fc.record({ ms: fc.constantFrom(0, 5, 400, WINDOW), ahead: fc.constantFrom(0, 50), n: fc.constantFrom(1, 2) }),
    )
    fc.assert(
      fc.property(waits, (takes) => {
        const space = new Space()
        space.set('k', { cap: 100, windowMs: WINDOW })
        const taken: number[] = []
        for (const { ms, ahead, n } of takes) {
          space.now += ms
          take(space, { key: 'k', n }, space.now + ahead)
          for (let i = 0; i < n; i++) taken.push(space.now + ahead)
          expect(space.stamps('k')).toEqual(taken.filter((at) => at > space.now - WINDOW).sort((a, b) => a - b))
        }
      }),
    )
  })

  it('should count keys that share a limit each for itself', () => {
    const space = new Space()
    space.set('cap:phone', { cap: 1, windowMs: WINDOW })
    const hold = (key: string): Hold => ({ key, limit: 'cap:phone', n: 1 })
    take(space, hold('cap:phone:1'), space.now)

    expect(refusal(space, hold('cap:phone:1'), space.now)).toBe(space.now + WINDOW)
    expect(refusal(space, hold('cap:phone:2'), space.now)).toBeUndefined()
  })

  it('should count a key nobody has limited, and never refuse it', () => {
    const space = new Space()
    const held = take(space, { key: 'k', n: 3 }, space.now)

    expect(space.limit('k').rule).toEqual({ none: true })
    expect(refusal(space, { key: 'k', n: 1000 }, space.now)).toBeUndefined()
    space.set('k', { slots: 3 })
    expect(refusal(space, { key: 'k', n: 1 }, space.now)).toBeDefined()
    release(space, held, true, undefined)
    expect(refusal(space, { key: 'k', n: 3 }, space.now)).toBeUndefined()
  })
})

describe('release', () => {
  const rules = fc.constantFrom<LimitRule>({ slots: 9 }, { money: 9 }, { cap: 9, windowMs: WINDOW }, { none: true })
  const others = fc.array(fc.record({ n: fc.integer({ min: 1, max: 2 }), after: fc.constantFrom(0, 0, 10) }), {
    maxLength: 3,
  })

  it('should give back exactly what was taken, when nothing was placed', () => {
    fc.assert(
      fc.property(rules, others, fc.integer({ min: 1, max: 3 }), others, (limit, before, n, after) => {
        const takeAll = (space: Space, holds: typeof before): void => {
          for (const { n: each, after: ms } of holds) {
            space.now += ms
            take(space, { key: 'k', n: each }, space.now)
          }
        }
        const [with_, without_] = [new Space(), new Space()]
        with_.set('k', limit)
        without_.set('k', limit)
        takeAll(with_, before)
        takeAll(without_, before)
        const held = take(with_, { key: 'k', n }, with_.now)
        takeAll(with_, after)
        takeAll(without_, after)
        release(with_, held, false, undefined)

        expect(with_.content()).toEqual(without_.content())
      }),
    )
  })

  it('should give back nothing of a pace: a start has been', () => {
    const space = new Space()
    space.set('k', { rate: 1, burst: 1 })
    const held = take(space, { key: 'k', n: 1 }, space.now)
    const before = structuredClone(space.content())
    release(space, held, false, undefined)

    expect(space.content()).toEqual(before)
  })

  it('should find in the record the kind that the limit had when the hold was taken', () => {
    const space = new Space()
    space.set('k', { slots: 1 })
    const slot = take(space, { key: 'k', n: 1 }, space.now)
    space.set('k', { money: 10 })
    const money = take(space, { key: 'k', n: 5 }, space.now)
    space.set('k', { slots: 1 })
    release(space, money, true, 3)
    release(space, slot, true, 7)

    expect([slot.kind, money.kind]).toEqual(['slots', 'money'])
    expect(space.limit('k')).toMatchObject({ used: 0, live: 0, spent: 3 })
  })

  it('should give the only stamp of a cap back, and no other when that one is gone already', () => {
    const space = new Space()
    space.set('k', { cap: 2, windowMs: WINDOW })
    const held = take(space, { key: 'k', n: 1 }, space.now)
    release(space, held, false, undefined)
    expect(space.stamps('k')).toEqual([])

    space.now += 10
    take(space, { key: 'k', n: 1 }, space.now)
    release(space, held, false, undefined)
    expect(space.stamps('k')).toEqual([space.now])
  })

  it('should settle money with what was spent, and with the whole hold when nobody says', () => {
    const space = new Space()
    space.set('k', { money: 100 })
    const first = take(space, { key: 'k', n: 10 }, space.now)
    const second = take(space, { key: 'k', n: 10 }, space.now)
    release(space, first, true, 4)
    release(space, second, true, undefined)

    expect(space.limit('k')).toMatchObject({ used: 0, live: 0, spent: 14 })
    space.set('k', { money: 20 })
    expect(refusal(space, { key: 'k', n: 6 }, space.now)).toBeUndefined()
    expect(refusal(space, { key: 'k', n: 7 }, space.now)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('money that is no number', () => {
  it('should be taken for used up', () => {
    const space = new Space()
    space.set('k', { money: 100 })
    expect(refusal(space, { key: 'k', n: Number.NaN }, space.now)).toBe(Number.POSITIVE_INFINITY)
    // As a version could store it that believed what carriers and rates of the host's own say.
    space.limit('k').spent = Number.NaN
    expect(refusal(space, { key: 'k', n: 1 }, space.now)).toBe(Number.POSITIVE_INFINITY)
    expect(usage(space, { key: 'k' }).freeAt).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a limit that is closed until an instant', () => {
  it('should refuse every start before it and none from it on, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(3), (now, closedUntil, n) => {
        const space = new Space()
        space.now = now
        space.set('k', { closedUntil })
        expect(refusal(space, { key: 'k', n }, now)).toBe(now < closedUntil ? closedUntil : undefined)
      }),
    )
  })
})

describe('a hold of nothing', () => {
  it('should be refused for what is over the limit alone', () => {
    fc.assert(
      fc.property(fc.constantFrom('slots', 'cap', 'money'), fc.nat(4), fc.nat(4), (kind, taken, to) => {
        const space = new Space()
        space.set('k', rule(kind, 9))
        for (let i = 0; i < taken; i++) take(space, { key: 'k', n: 1 }, space.now)
        space.set('k', rule(kind, to))
        const before = structuredClone(space.content())
        expect(refusal(space, { key: 'k', n: 0 }, space.now) === undefined).toBe(taken <= to)
        expect(space.content()).toEqual(before)
      }),
    )
  })
})

describe('usage', () => {
  const rules = fc.oneof(
    fc.record({ slots: fc.nat(3) }),
    fc.record({ money: fc.nat(3) }),
    fc.record({ cap: fc.nat(3), windowMs: fc.constant(WINDOW) }),
    fc.record({ rate: fc.constantFrom(0.5, 5), burst: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ closedUntil: fc.constantFrom(1_000_500, 1_002_000) }),
    fc.constant({ none: true } as const),
  )

  it('should say when one more is admitted: not before, and then unless something happens', () => {
    fc.assert(
      fc.property(rules, fc.array(fc.nat(700), { maxLength: 5 }), (rule, waits) => {
        const space = new Space()
        space.set('k', rule)
        const hold = { key: 'k', n: 1 }
        for (const wait of waits) {
          if (refusal(space, hold, space.now) === undefined) take(space, hold, space.now)
          space.now += wait
        }
        const before = structuredClone(space.content())
        const { freeAt } = usage(space, hold)
        expect(space.content()).toEqual(before)
        const now = space.now
        const admits = (at: number): boolean => {
          space.now = at
          return refusal(space, hold, at) === undefined
        }
        expect(admits(now)).toBe(freeAt <= now)
        if (freeAt === Number.POSITIVE_INFINITY) expect(admits(now + 1e9)).toBe(false)
        else if (freeAt > now)
          expect([admits(freeAt - 0.5), admits(freeAt + 1e-6)]).toEqual([freeAt - 0.5 >= freeAt, true])
      }),
    )
  })
})

// Helpers

/** Limits and stamps in plain maps. */
class Space implements HoldSpace {
  now = 1_000_000
  readonly #limits: Map<string, LimitState> = new Map()
  readonly #stamps: Map<string, number[]> = new Map()

  set(key: string, rule: LimitRule): void {
    this.limit(key).rule = rule
  }
  limit(key: string): LimitState {
    const limit = this.#limits.get(key) ?? newLimit(key)
    this.#limits.set(key, limit)
    return limit
  }
  stamps(key: string): number[] {
    const stamps = this.#stamps.get(key) ?? []
    this.#stamps.set(key, stamps)
    return stamps
  }
  content(): unknown {
    return { limits: [...this.#limits], stamps: [...this.#stamps].filter(([, stamps]) => stamps.length > 0) }
  }
}

function rule(kind: 'slots' | 'cap' | 'money', n: number): LimitRule {
  if (kind === 'cap') return { cap: n, windowMs: WINDOW }
  return kind === 'slots' ? { slots: n } : { money: n }
}

function without(stamps: readonly number[], stamp: number): number[] {
  const at = stamps.indexOf(stamp)
  return at < 0 ? [...stamps] : stamps.toSpliced(at, 1)
}
