// Forty policy holders in four time zones, two of their states with rules of their own: looked ahead, called, explained, recorded.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AttemptEntry, createEngine, forecast, rules, simulatedCarrier, virtualClock } from 'outdial'
import { csvFile, ledgerFile, numbersFile } from 'outdial/node'
import { localHours, withinHours } from './hours.js'

const here = (name: string) => new URL(name, import.meta.url)
const folder = await mkdtemp(join(tmpdir(), 'outdial-'))
const ledger = ledgerFile(join(folder, 'attempts.jsonl'))

const clock = virtualClock({ start: '2027-01-04T11:30:00Z', autoAdvance: true })
const outcomes = { answered: 0.4, no_answer: 0.4, busy: 0.15, unwanted: 0.05 }
const engine = createEngine({
  carriers: { sim: simulatedCarrier({ seed: 5, outcomes }) },
  // In cents: 1.2 a minute, begun minutes count whole.
  rates: { sim: { prefixes: { '+1': { perMinute: 1.2, billing: '60/60' } } } },
  ledger,
  clock,
})

// 1. Who must not be called at all. A register older than 31 days would stop everything.
const registered = await engine.suppression.add(numbersFile(here('do-not-call.txt')), {
  reason: 'register',
  asOf: '2027-01-02',
  maxAge: '31d',
})

// 2. The campaign: rules of places as data, and the host's own, stricter ones.
const job = await engine.calls.create({
  name: 'Policy renewals',
  carrier: 'sim',
  from: ['+12125550100', '+13055550100', '+13125550100', '+13035550100'],
  callerIds: { concurrency: 3, perDay: 100, localPresence: true },
  contacts: csvFile(here('contacts.csv')),
  rules: [rules.unitedStates(), rules.florida(), rules.oklahoma()],
  window: 'mon-fri 09:00-20:30',
  attempts: 3,
  retry: { no_answer: ['2h', '5h'], busy: ['30m', '2h'] },
  caps: [{ per: 'phone', max: 2, within: '24h' }],
  cooldowns: [{ after: ['answered'], wait: '7d' }],
  concurrency: 10,
  maxDuration: '10m',
  budget: { total: 1500 },
  start: 'draft',
})
console.log(`${job.intake.accepted} contacts, ${registered.size} numbers on the register`)

// 3. Before anything rings: what would become of each contact, and what it will probably come to.
const { contacts, reasons } = await job.preflight()
console.log(`preflight: ${contacts.dial} now, ${contacts.deferred} later, ${contacts.skipped} never`)
for (const { contacts: count, detail } of reasons) console.log(`  ${count}: ${detail}`)
const ahead = await forecast(job, { assume: { outcomes, talk: [20_000, 120_000] } })
console.log(`forecast: ${ahead.calls.low} to ${ahead.calls.high} calls`)

// 4. Days of calling, in a moment.
await job.start()
await engine.start()
const { state, tasks } = await job.finished()
console.log(
  `${state}: ${tasks.succeeded} reached, ${tasks.skipped} skipped, ${tasks.failed} not reached, ${tasks.open} open`,
)

// 5. Why somebody was, or was not, called.
for (const phone of ['+13055550128', '+13055550111']) {
  const { attempts, standing } = await job.explain(phone)
  console.log(`${phone}: ${standing.detail}`)
  for (const { localTime, detail } of attempts) console.log(`  ${localTime ?? ''} ${detail}`)
}

// 6. The record of every attempt, judged by a second pair of eyes.
await engine.stop()
await ledger.close()
const entries = (await readFile(join(folder, 'attempts.jsonl'), 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as AttemptEntry)
  .filter(({ kind, placed }) => kind === 'ended' && placed)
console.log(
  `calls in the ledger: ${entries.length}, outside of the hours: ${entries.filter((e) => !withinHours(e)).length}`,
)
console.log(`to people of the register: ${entries.filter(({ to }) => to === '+13055550128').length}`)
for (const [zone, hours] of localHours(entries)) console.log(`  ${zone.padEnd(20)} ${hours}`)
await rm(folder, { recursive: true })
