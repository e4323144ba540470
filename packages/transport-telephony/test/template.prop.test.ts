import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { template, urlValue, xmlValue } from '../src/index.js'

const asIs = (value: string) => value
const name = fc.stringMatching(/^[a-z]\w{0,8}$/)
const plain = fc.string().filter((text) => !/[{}]/.test(text))

describe('a template', () => {
  it('says of every contact what it has for it', () => {
    fc.assert(
      fc.property(plain, fc.array(fc.tuple(name, fc.string(), plain)), (first, parts) => {
        const values = Object.fromEntries(parts.map(([key, value]) => [key, value]))
        const text = first + parts.map(([key, , after]) => `{{ ${key}}}${after}`).join('')
        const made = template(text, 'agent')
        expect(made.needs).toEqual([...new Set(parts.map(([key]) => key))])
        expect(made.render(values, asIs)).toBe(first + parts.map(([key, , after]) => values[key] + after).join(''))
      }),
    )
  })

  it('writes numbers and lists as JSON does, and nothing for nothing', () => {
    const made = template('{{a}}|{{b c}}|{{d}}|{{e}}', 'agent')
    expect(made.render({ a: 12.5, 'b c': ['x'], d: null }, asIs)).toBe('12.5|["x"]||')
  })

  it.each(['Hello {{name', 'Hello {{}}', 'Hello {{ {{name}} }}', 'Hello {{<b>}}'])('does not take %s', (text) => {
    expect(() => template(text, 'agent')).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })

  it('puts no markup into XML and no part of a URL into a URL', () => {
    const made = template('<Say>{{name}}</Say>', 'agent')
    expect(made.render({ name: `</Say><Dial>"&'\u0000` }, xmlValue)).toBe(
      '<Say>&lt;/Say&gt;&lt;Dial&gt;&quot;&amp;&apos;</Say>',
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(urlValue(value)).not.toMatch(/[/?#&=+ ]/)
        expect(decodeURIComponent(urlValue(value))).toBe(value.replace(/\p{Surrogate}/gu, '\ufffd'))
      }),
    )
  })
})
