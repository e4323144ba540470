import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRef, parseRef } from '../../src/lifecycle/ref.js'

const word = fc.string({ minLength: 1 }).filter((text) => !text.includes(':'))
const number = fc.nat(999_999_999)

describe('parseRef', () => {
  it('should read what formatRef wrote', () => {
    fc.assert(
      fc.property(word, number, number, word, (jobId, index, attempt, nonce) => {
        expect(parseRef(formatRef(jobId, index, attempt, nonce))).toEqual({ jobId, index, attempt, nonce })
      }),
    )
  })

  const part = fc.constantFrom('', '0', '01', '7', '-1', '1.5', '1e3', ' 1', '1000000000', 'job_1')
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join(':')),
  )

  it('should read nothing that formatRef would write differently', () => {
    fc.assert(
      fc.property(text, (ref) => {
        const parts = parseRef(ref)

        if (parts) expect(formatRef(parts.jobId, parts.index, parts.attempt, parts.nonce)).toBe(ref)
      }),
      { numRuns: 1000 },
    )
  })

  it('should not take a part that is missing, empty or no number', () => {
    for (const ref of [
      '',
      'j',
      'j:1:1',
      ':1:1:n',
      'j:1:1:',
      'j:x:1:n',
      'j:1:x:n',
      'j:1:1:n:',
      'j:1:1:n:m',
      'j:-1:1:n',
    ]) {
      expect(parseRef(ref)).toBeUndefined()
    }
  })
})
