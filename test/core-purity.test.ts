import { describe, expect, it } from 'vitest'
import { impuritiesOf } from './support/impurities.js'
import { sourcesOf } from './support/repository-files.js'

describe('core is pure', () => {
  const files = sourcesOf('core')

  it('has sources to look at, in folders too', () => {
    expect(files.some(({ path }) => /^packages\/core\/src\/[^/]+\.ts$/.test(path))).toBe(true)
    expect(files.some(({ path }) => /^packages\/core\/src\/[^/]+\/[^/]+\.ts$/.test(path))).toBe(true)
  })

  it('takes time, randomness and everything else of the host from its ports', () => {
    expect(files.flatMap(impuritiesOf)).toEqual([])
  })
})

describe('the check itself', () => {
  const check = (text: string) => impuritiesOf({ path: 'a.ts', text })

  it.each([
    `const t = Date.now()`,
    `const t = new Date(0)`,
    `const make = Date`,
    `const o = { Date }`,
    `const o = { now: Date }`,
    `const t = globalThis.Date`,
    `setTimeout(() => {}, 1)`,
    `const later = (ms = 1, timer = setTimeout) => timer(() => {}, ms)`,
    `setInterval(f, 1)`,
    `setImmediate(f)`,
    `clearTimeout(t)`,
    `clearInterval(t)`,
    `clearImmediate(t)`,
    `const t = performance.now()`,
    `process.exit()`,
    `const b = Buffer.from('')`,
    `const r = Math.random()`,
    `const { random } = Math`,
    `const r = Math['random']()`,
    `const id = crypto.randomUUID()`,
    `console.log(1)`,
    `const s = AbortSignal.timeout(5)`,
    `import { readFileSync } from 'node:fs'`,
    `import type { Readable } from 'node:stream'`,
    `import fs from 'fs'`,
    `const fs = await import('node:fs')`,
    `export { createHash } from 'node:crypto'`,
    `const here = import.meta.url`,
    `const t = DateTime.now()`,
    `const t = DateTime.local()`,
    `const t = DateTime.local({ zone: 'utc' })`,
    `const t = DateTime.utc()`,
    `const d = then.diffNow()`,
    `const d = then.toRelative()`,
    `const t = DateTime.fromMillis(ms)`,
    `const t = DateTime.fromISO(text)`,
    `const t = DateTime.fromFormat(text, 'HH:mm')`,
  ])('catches %s', (text) => {
    expect(check(text)).not.toEqual([])
  })

  it.each([
    `const t = clock.now()`,
    `clock.setTimeout(() => {}, 1)`,
    `const { setTimeout } = clock; setTimeout(() => {}, 1)`,
    `interface Clock { setTimeout(run: () => void, ms: number): unknown }`,
    `const clock = { setTimeout: (run: () => void) => run() }`,
    `class Clock { clearTimeout(): void {} }`,
    `// Date.now() is what a clock answers`,
    `const text = 'Date.now()'`,
    `const r = Math.max(1, 2)`,
    `const t = DateTime.fromMillis(ms, { zone })`,
    `const t = DateTime.fromFormat(text, 'HH:mm', { zone })`,
    `const t = DateTime.utc(2026, 1, 1)`,
    `import { DateTime } from 'luxon'`,
  ])('allows %s', (text) => {
    expect(check(text)).toEqual([])
  })

  it('says where', () => {
    expect(check('const a = 1\nconst t = Date.now()')).toEqual(['a.ts:2: Date'])
  })
})
