import { digits, range } from '../support/format.js'
import { spread } from '../support/measure.js'
import { allOf, atMost, type Result, type Results } from '../support/result.js'
import {
  cheaper,
  commandMicros,
  each,
  faster,
  type Measured,
  nodeMicros,
  rate,
  SENT,
  scriptCpu,
  serverMicros,
} from './support/measured.js'
import { serverProfile } from './support/profile.js'
import { callsOf } from './support/server-stats.js'

type Name = 'ours' | 'guarded' | 'engine' | 'bull' | 'bee'

/** What came of measuring everybody at one concurrency. */
export interface Compared {
  concurrency: number
  /** Conversations with the store. */
  channels: number
  guardedChannels: number
  runs: Readonly<Record<Name, readonly Measured[]>>
}

const NAMES: Readonly<Record<Name, string>> = {
  ours: 'Outdial',
  guarded: 'Outdial, all guards',
  engine: 'Outdial, whole engine',
  bull: 'BullMQ, empty job',
  bee: 'bee-queue, empty job',
}
const GOALS: Readonly<Record<number, { ours: number; guarded: number }>> = {
  10: { ours: 1.2, guarded: 1 },
  100: { ours: 3, guarded: 2.5 },
  1000: { ours: 5, guarded: 4 },
}
/** Where costs are judged. */
const AT = 100

/** What the runs say about speed, cost, round trips and how long a script takes. */
export function results(
  compared: readonly Compared[],
  elsewhere: Readonly<Record<string, Compared>>,
  settings: Readonly<Record<string, unknown>>,
  nodeProfile: string,
): Results {
  const at100 = compared.find(({ concurrency }) => concurrency === AT) as Compared
  const fullest = compared.at(-1) as Compared
  const { ours, guarded, engine, bull } = at100.runs
  return {
    callLife: lives('ours', compared, elsewhere, settings),
    callLifeGuarded: lives('guarded', compared, elsewhere, settings),
    redisCpu: allOf(
      'less',
      {
        'no guards': { value: each(ours, scriptCpu).median, goal: 15 },
        'all guards': { value: each(guarded, scriptCpu).median, goal: 20 },
      },
      {
        unit: `µs of CPU of the server a call life, concurrency ${AT}`,
        details: tableOf(at100),
        notes: [
          ...(Object.keys(NAMES) as Name[]).map((name) => serverCost(name, at100.runs[name])),
          `No guards, ${profileOf(ours)}`,
          `All guards, ${profileOf(guarded)}`,
        ],
      },
    ),
    nodeCpu: atMost(25, {
      value: each(ours, nodeMicros).median,
      unit: `µs of CPU of this process a call life, concurrency ${AT}`,
      details: tableOf(at100),
      notes: [
        ...(Object.keys(NAMES) as Name[]).map(
          (name) => `${NAMES[name]}: ${range(each(at100.runs[name], nodeMicros))} µs`,
        ),
        `Outdial's time is spent in: ${nodeProfile}`,
      ],
    }),
    roundTrips: atMost(0.06, {
      value: each(ours, roundTrips).median,
      unit: `round trips a call, concurrency ${AT}`,
      details: tableOf(at100),
      notes: [
        `Outdial, all guards: ${digits(each(guarded, roundTrips).median)}; whole engine: ` +
          `${digits(each(engine, roundTrips).median)}; BullMQ: ${digits(each(bull, roundTrips).median)}`,
      ],
    }),
    scriptP99: atMost(2, {
      value: p99(fullest.runs.guarded),
      unit: 'ms, the 99th percentile of scripts with all guards and batches that are always full',
      details: tableOf(fullest),
      notes: [
        `no guards: ${digits(p99(fullest.runs.ours))}; at concurrency ${AT}: ${digits(p99(ours))}, all guards ` +
          `${digits(p99(guarded))}; whole engine ${digits(p99(engine))}; BullMQ ${digits(p99(bull))}`,
        'By wall time: a script that waits for a core on a busy machine takes longer.',
      ],
    }),
  }
}

function lives(
  which: 'ours' | 'guarded',
  compared: readonly Compared[],
  elsewhere: Readonly<Record<string, Compared>>,
  settings: Readonly<Record<string, unknown>>,
): Result {
  const parts = compared.map(({ concurrency, runs }) => [
    concurrency,
    { value: faster(runs[which], runs.bull).median, goal: GOALS[concurrency]?.[which] as number },
  ])
  return allOf('more', Object.fromEntries(parts), {
    unit: "× the rate of BullMQ's empty job, by wall time",
    details: {
      ...settings,
      at: Object.fromEntries(compared.map((one) => [one.concurrency, tableOf(one)])),
      elsewhere: Object.fromEntries(Object.entries(elsewhere).map(([where, one]) => [where, tableOf(one)])),
    },
    notes: [
      ...compared.map((one) => `concurrency ${one.concurrency}: ${speed(which, one)}`),
      ...compared.map((one) => `what bounds it at ${one.concurrency}: ${profileOf(one.runs[which])}`),
      ...Object.entries(elsewhere).map(([where, one]) => `${where}, concurrency ${AT}: ${speed(which, one)}`),
    ],
  })
}

function speed(which: 'ours' | 'guarded', { runs, channels, guardedChannels }: Compared): string {
  const all = (['engine', 'bull', 'bee'] as const).map((name) => `${NAMES[name]} ${digits(middleRate(runs[name]))}/s`)
  return (
    `${range(faster(runs[which], runs.bull))} × BullMQ, ${digits(faster(runs[which], runs.bee).median)} × bee-queue, ` +
    `whole engine ${digits(faster(runs.engine, runs.bull).median)} × BullMQ; by CPU of both processes ` +
    `${range(cheaper(runs[which], runs.bull))} × BullMQ; ${digits(middleRate(runs[which]))} calls/s on ` +
    `${which === 'ours' ? channels : guardedChannels} channels, ${all.join(', ')}`
  )
}

function serverCost(name: Name, runs: readonly Measured[]): string {
  return (
    `${NAMES[name]}: ${range(each(runs, serverMicros))} µs of the process, ` +
    `${range(each(runs, commandMicros))} µs by commandstats`
  )
}

/** All numbers of a comparison, for programs. */
function tableOf({ concurrency, channels, guardedChannels, runs }: Compared): Readonly<Record<string, unknown>> {
  const rows = (Object.keys(NAMES) as Name[]).map((name) => [
    name,
    {
      rate: spread(runs[name].map(rate)),
      nodeMicros: each(runs[name], nodeMicros),
      redisMicros: each(runs[name], serverMicros),
      commandMicros: each(runs[name], commandMicros),
      roundTrips: each(runs[name], roundTrips),
      scriptP50: spread(runs[name].map(({ server }) => server.script.p50)),
      scriptP99: spread(runs[name].map(({ server }) => server.script.p99)),
      bytesIn: each(runs[name], ({ server }) => server.bytesIn),
      bytesOut: each(runs[name], ({ server }) => server.bytesOut),
      commandstats: runs[name].at(-1)?.server.commands,
    },
  ])
  return { concurrency, channels, guardedChannels, ...Object.fromEntries(rows) }
}

const profileOf = (runs: readonly Measured[]): string => serverProfile(runs.at(-1) as Measured)
const roundTrips = ({ server }: Measured): number => callsOf(server, SENT)
const p99 = (runs: readonly Measured[]): number => spread(runs.map(({ server }) => server.script.p99)).median
const middleRate = (runs: readonly Measured[]): number => spread(runs.map(rate)).median
