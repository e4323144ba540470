import * as fc from 'fast-check'
import { createJson } from '../../src/dialects/talkifai/schema.js'
import { talkifai } from '../../src/index.js'
import { changesOf, NASTY, nearly } from '../support/arbitrary-json.js'
import { describeFuzz } from '../support/fuzz.js'
import { people } from '../support/people.js'

const batch = { fromPhoneNumberId: 'pn_0', name: 'Reminders', contacts: people(2) }
const json = (value: unknown) => ({ contentType: 'application/json', body: JSON.stringify(value) ?? 'null' })

const FIELDS = ['file', 'name', 'fromPhoneNumberId', 'maxAttempts', 'timezone', 'scheduledStartTime', '__proto__', 'x']
const text = fc.oneof(
  NASTY.map(String),
  fc.constantFrom('pn_0', '3', 'UTC', 'phone,name\n+12025550101,Ann\n', 'phone\n'),
)
const part = fc.tuple(fc.constantFrom(...FIELDS), fc.boolean(), text).map(([name, file, value]) => {
  const filename = file ? '; filename="a.csv"' : ''
  return `--x\r\nContent-Disposition: form-data; name="${name}"${filename}\r\n\r\n${value}\r\n`
})
/** Forms that are nearly right, and such as break off. */
const form = fc
  .tuple(
    fc.array(part, { maxLength: 6 }),
    fc.boolean(),
    fc.constantFrom('--x--\r\n', '--x--\r\n', '', '--x', '--x\r\n'),
  )
  .map(([parts, whole, end]) => {
    const needed = [
      'name="name"\r\n\r\nn',
      'name="fromPhoneNumberId"\r\n\r\npn_0',
      'name="file"\r\n\r\nphone\n+12025550101',
    ]
    const right = needed.map((rest) => `--x\r\nContent-Disposition: form-data; ${rest}\r\n`)
    return [...(whole ? right : []), ...parts, end].join('')
  })

describeFuzz('talkifai', {
  dialect: talkifai(),
  raw: () =>
    fc.oneof(
      changesOf(createJson).map((changes) => json({ ...batch, ...changes })),
      nearly(createJson).map((value) => json(value)),
      form.map((body) => ({ contentType: 'multipart/form-data; boundary=x', body })),
    ),
  async make(client) {
    const later = { scheduledStartTime: '2027-06-01T09:00:00' }
    const made = await Promise.all([{}, later, {}].map((more) => client.post('/batch/create', { ...batch, ...more })))
    return made.map(({ body }) => ({ batch_job_id: body.batchJobId as string }))
  },
})
