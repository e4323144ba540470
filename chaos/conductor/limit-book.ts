import type { LimitInForce } from '../judge/evidence.js'

type Rule = Pick<LimitInForce, 'concurrency' | 'cps' | 'burst' | 'calls' | 'within' | 'money' | 'rest'>

/** Notes which limits were in force when. While one is being changed, the old and the new one count. */
export class LimitBook {
  readonly limits: LimitInForce[] = []

  /** A limit that was there before anything was dialed. */
  note(of: string, rule: Rule): void {
    this.limits.push({ of, ...rule, since: 0 })
  }

  /** A limit that is changed by `change`. */
  async change(of: string, rule: Rule, change: () => Promise<unknown>): Promise<void> {
    const since = Date.now()
    const before = this.limits.filter((limit) => limit.of === of && limit.until === undefined)
    // What is not named stays as it was.
    const next: LimitInForce = { ...before.at(-1), ...rule, of, since }
    this.limits.push(next)
    await change()
    for (const limit of before) limit.until = Date.now()
  }
}
