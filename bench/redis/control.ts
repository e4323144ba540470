import { FlowProducer } from 'bullmq'
import { digits } from '../support/format.js'
import { spread } from '../support/measure.js'
import { allOf, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { bullQueue } from './subjects/bullmq.js'
import { campaign, openEngine } from './subjects/engine.js'
import { corpus, type Person } from './support/corpus.js'
import { SENT } from './support/measured.js'
import { type RedisServer, startRedis } from './support/redis-server.js'
import { microsOf, serverWork } from './support/server-stats.js'

const CONTACTS = 100_000
const JOBS = 3
const REPEATS = 20
/** Children of the flow that is removed: with as many as a campaign has, Redis would stand still for a minute. */
const CHILDREN = 10_000

/** Pause, resume and cancel of a campaign of 100,000 contacts: how long Redis does nothing else. */
export async function run({ tasks, short }: Settings): Promise<Results> {
  const server = await startRedis()
  try {
    const people = corpus(short ? tasks : CONTACTS)
    const took: Record<'pause' | 'resume' | 'cancel' | 'remove', number[]> = {
      pause: [],
      resume: [],
      cancel: [],
      remove: [],
    }
    const { engine, close } = await openEngine(server.port)
    for (let n = 0; n < JOBS; n++) {
      const job = await campaign(engine, people)
      for (let i = 0; i < REPEATS; i++) {
        took.pause.push(await redisTime(server, () => job.pause()))
        took.resume.push(await redisTime(server, () => job.resume()))
      }
      took.cancel.push(await redisTime(server, () => job.cancel()))
      took.remove.push(await redisTime(server, () => job.delete()))
    }
    await close()
    const bull = await bullControl(server, people, short ? tasks : CHILDREN)
    const median = (change: keyof typeof took) => spread(took[change]).median
    return {
      control: allOf(
        'less',
        {
          pause: { value: median('pause'), goal: 1 },
          resume: { value: median('resume'), goal: 1 },
          cancel: { value: median('cancel'), goal: 1 },
        },
        {
          unit: `ms of Redis, a campaign of ${digits(people.length)} contacts`,
          details: { contacts: people.length, took: spreads(took), bull },
          notes: [
            `Removing it when it has ended: ${digits(median('remove'))} ms`,
            `BullMQ: drain of a queue of ${digits(people.length)} ${digits(bull.drain)} ms; removal of a flow of ` +
              `${digits(bull.children)} ${digits(bull.remove)} ms; ` +
              'a pause is of the whole queue',
          ],
        },
      ),
    }
  } finally {
    await server.stop()
  }
}

/** Milliseconds of the server for what clients sent while something was done. */
async function redisTime(server: RedisServer, change: () => Promise<unknown>): Promise<number> {
  return microsOf(await serverWork(server.admin, change), SENT) / 1000
}

function spreads(took: Readonly<Record<string, readonly number[]>>) {
  return Object.fromEntries(Object.entries(took).map(([change, times]) => [change, spread(times)]))
}

/** The nearest there is: a queue emptied, and a flow (the one kind of batch it has) removed. Milliseconds. */
async function bullControl(server: RedisServer, people: readonly Person[], children: number) {
  await server.empty()
  const bull = bullQueue(server.port)
  await bull.load(people)
  const drain = await redisTime(server, () => bull.queue.drain())
  await server.empty()
  const flows = new FlowProducer({ connection: bull.connection })
  const queueName = bull.queue.name
  const { job } = await flows.add({
    name: 'campaign',
    queueName,
    children: people.slice(0, children).map((person) => ({ name: 'call', queueName, data: person })),
  })
  const remove = await redisTime(server, () => job.remove({ removeChildren: true }))
  await flows.close()
  await bull.close()
  return { drain, children, remove }
}
