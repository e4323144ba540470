import type { Field } from '../conductor/field.js'
import { placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import { appendPeople } from './append-people.js'
import { mangleWebhooks } from './mangle-webhooks.js'
import type { Scenario } from './scenario.js'

/** A misfortune, drawn again and again. Resolves when it is over. */
type Trouble = (field: Field) => Promise<void>

/** One of those who are not frozen dies. */
const kill: Trouble = async ({ crew, random }) => {
  await crew.replace(1 + Math.floor(random() * (crew.size - 1)))
}
const cut: Trouble = async ({ store, random }) => {
  store.link?.cut()
  await sleep(500 + 3_000 * random())
  store.link?.heal()
}
const halfOpen: Trouble = async ({ store, random }) => {
  store.link?.halfOpen(random() < 0.5 ? 'replies' : 'both')
  await sleep(500 + 3_000 * random())
  store.link?.heal()
}
const dropReplies: Trouble = async ({ store }) => {
  store.link?.dropReplies(5)
  await sleep(500)
}
const crash: Trouble = async ({ store, random }) => {
  await store.crash?.(random())
  await sleep(1_000)
}

/** Those that come often are named more than once. */
const TROUBLES = [kill, kill, kill, cut, halfOpen, dropReplies, crash]
const LASTING = 40_000

/** What the other scenarios do one by one, while the carrier mangles webhooks and one worker stands still. */
export const allAtOnce: Scenario = {
  name: 'all-at-once',
  about:
    'workers killed and frozen, the link cut, answers dropped, the server crashed and webhooks mangled, all in one',
  needs: ['link', 'crash'],
  workers: 4,
  usersOverLink: true,
  carrier: { ...mangleWebhooks.carrier, capabilities: { lookup: { visibilityLag: 2_000, horizon: 86_400_000 } } },
  // Each mechanism has a scenario of its own, which says more.
  controls: [],
  async act(field) {
    const { crew, people, random, fault } = field
    await placedCalls(field, people / 20)
    await crew.freeze(0)
    const appended = appendPeople(field, Math.round(people / 4))
    for (const end = Date.now() + LASTING; Date.now() < end; await sleep(1_000 * random())) {
      await TROUBLES[Math.floor(random() * TROUBLES.length)]?.(field)
      fault()
    }
    crew.thaw(0)
    await appended
  },
}
