import { createHttpTransport } from '@outdial/transport-http'
import { Hono } from 'hono'
import { createEngine, memoryDirectory, type ResourceBackend, simulatedCarrier } from 'outdial'
import { digits, range } from '../support/format.js'
import { collectGarbage, inTurn, microsecondsEach, speed, timedOn } from '../support/measure.js'
import { list, person } from '../support/people.js'
import { allOf, type Result } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { CREATIONS, type Creation, FROM, keyOf, SECRET } from './dialects.js'
import { inventoryOf } from './inventory.js'

const SIZES = [1_000, 10_000]
/** Contacts or numbers in each measured run, in as many requests as that takes; and in those before it, which only warm up. */
const CONTACTS = 60_000
const WARM = 20_000
const GOAL = 0.5

type Answering = (request: Request) => Promise<Response> | Response

/**
 * Creating jobs over HTTP, with the memory store. Campaigns: keys, limits, schema, contacts checked number by number, without
 * duplicates. Jobs on numbers: the same without a look for duplicates, each number found in the inventory where the service does so. Against the same body in a bare Hono router that parses it, checks its form with zod and answers.
 */
export async function run({ short, rounds }: Settings): Promise<Result> {
  const parts: Record<string, { value: number; goal: number }> = {}
  const details: Record<string, unknown> = {}
  const notes: string[] = []
  for (const [name, creation] of Object.entries(CREATIONS)) {
    for (const size of SIZES) {
      if (size > (creation.most ?? Number.POSITIVE_INFINITY)) continue
      const people = [...list(size, person)]
      const body = JSON.stringify(creation.body(people))
      const resources = [inventoryOf(people)]
      const requests = short ? 1 : CONTACTS / size
      const measured = async (answer: Answering) => {
        collectGarbage()
        await sendAll(answer, creation, body, short ? 1 : WARM / size)
        return timedOn(() => sendAll(answer, creation, body, requests))
      }
      const samples = await inTurn(rounds, {
        ours: async () => {
          const server = ours(creation, resources)
          try {
            return await measured(server.answer)
          } finally {
            await server.close()
          }
        },
        theirs: () => measured(bare(creation)),
        least: () => measured(bare(creation, { keeps: true })),
      })
      const ratio = speed(samples.ours, samples.theirs)
      const least = speed(samples.least, samples.theirs)
      const each = (of: 'ours' | 'theirs' | 'least') => microsecondsEach(samples[of], requests * size)
      const [our, their] = [each('ours'), each('theirs')]
      const part = `${name} ${size}`
      parts[part] = { value: ratio.cpu.median, goal: GOAL }
      details[part] = { requests, ratio, least, microseconds: { ours: our, theirs: their, least: each('least') } }
      notes.push(
        `${name}, ${size}: ${range(ratio.cpu)} by CPU time, ${range(ratio.wall)} by wall time; ` +
          `${digits(our.cpu.median)} against ${digits(their.cpu.median)} µs of CPU each; ` +
          `a router that keeps the rows comes to ${range(least.cpu)}`,
      )
    }
  }
  return allOf('more', parts, { unit: '× the rate of a bare router with zod', details: { rounds, ...details }, notes })
}

async function sendAll(
  answer: Answering,
  { path, headers, organizations = 1 }: Creation,
  body: string,
  requests: number,
): Promise<void> {
  for (let i = 0; i < requests; i++) {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers(keyOf(i % organizations)) },
      body,
    }
    const response = await answer(new Request(`http://localhost${path}`, init))
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 500)}`)
  }
}

function ours(
  creation: Creation,
  resources: readonly ResourceBackend[],
): { answer: Answering; close(): Promise<unknown> } {
  const keys = Array.from({ length: creation.organizations ?? 1 }, (_, i) => keyOf(i))
  const directory = memoryDirectory({
    organizations: keys.map((id) => ({ id })),
    numbers: [{ id: 'pn_1', phone: FROM, organization: keyOf(0), agent: 'agent_1' }],
    keys: keys.flatMap((key) => [
      { key, organization: key },
      { key, secret: SECRET, organization: key },
    ]),
  })
  const engine = createEngine({ carriers: { sim: simulatedCarrier() }, resources, directory })
  const transport = createHttpTransport({
    engine,
    directory,
    resources,
    carrier: 'sim',
    dialects: [creation.dialect()],
  })
  return {
    answer: transport,
    async close() {
      await transport.close()
      await engine.stop()
    },
  }
}

/**
 * A router that checks the form of a body. Or keeps its rows besides, each as a text of its own, and their keys: the least that anybody
 * does who stores contacts one by one without duplicates.
 */
function bare({ path, schema, rows, key }: Creation, { keeps = false } = {}): Answering {
  const app = new Hono()
  const kept: unknown[] = []
  app.post(path, async (context) => {
    const read = schema.safeParse(await context.req.json())
    if (!read.success) return context.json({ ok: false }, 422)
    if (keeps) kept.push(keptOf((read.data as Record<string, unknown[]>)[rows] ?? [], key))
    return context.json({ ok: true }, 201)
  })
  return (request) => app.fetch(request)
}

function keptOf(rows: readonly unknown[], key: string | undefined): { keys: Set<unknown>; texts: string[] } {
  const keys = new Set<unknown>()
  const texts: string[] = []
  for (const row of rows) {
    const of = key === undefined ? row : (row as Record<string, unknown>)[key]
    if (keys.has(of)) continue
    keys.add(of)
    texts.push(JSON.stringify(row))
  }
  return { keys, texts }
}
