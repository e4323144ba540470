import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { redactor } from '../../../src/cli/serve/redact.js'

const hex = { minLength: 16, maxLength: 40 }
const phone = fc.stringMatching(/^\+[1-9]\d{7,14}$/)

test.prop([fc.string(), phone, fc.string()])('leaves no phone number in a line', (before, number, after) => {
  const clean = redactor([])(JSON.stringify({ msg: `${before} ${number} ${after}`, to: number }))
  expect(clean).not.toContain(number)
  expect(JSON.parse(clean)).toHaveProperty('to')
})

test.prop([fc.array(fc.string(hex), { minLength: 1, maxLength: 4 }), fc.string()])(
  'leaves no secret in a line, whatever it is made of',
  (secrets, text) => {
    const clean = redactor(secrets)(JSON.stringify({ msg: text + secrets.join(text) }))
    for (const secret of secrets) expect(clean).not.toContain(JSON.stringify(secret).slice(1, -1))
  },
)

it('leaves everything else as it is', () => {
  const line = JSON.stringify({
    time: '2027-01-05T09:00:00.123Z',
    jobId: 'job_01234567890123456789',
    requestId: '2637816a-0000-4000-8000-123456789012',
    duration: 12.5,
    number: 17,
  })
  expect(redactor([])(line)).toBe(line)
})

it('knows numbers without a plus, and keeps their ends apart', () => {
  expect(redactor([])('{"msg":"14849687406 and 14849723113"}')).toBe('{"msg":"[phone …06] and [phone …13]"}')
})
