import type { Draw } from './draw.js'
import type { PlannedCarrier, PlannedJob, PlannedPolicy, PlannedRow, PlannedWindow } from './plan.js'

const SECOND = 1000
const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const ZONES = ['America/New_York', 'America/Los_Angeles', 'Europe/Berlin', 'Asia/Kolkata', 'UTC'] as const
export const CALLER_IDS = ['+13035550101', '+13035550102', '+13035550103'] as const
/** Area codes in which people live, and the last of their numbers. */
export const AREAS = ['202', '212', '415'] as const
/** See {@link AREAS}. */
export const LAST_NUMBER = 29
const CAP = { per: 'phone', max: 2, within: HOUR } as const

/** A job with its contacts, some of which are no contacts at all. */
export function drawJob(
  draw: Draw,
  index: number,
  carriers: readonly PlannedCarrier[],
  start: number,
  calmAt: number,
): PlannedJob {
  const expires = draw.chance(0.2)
  const scheduled = draw.chance(0.2)
  const createAt = draw.chance(0.5) ? 0 : draw.int(0, 10 * MINUTE)
  const startAt = start + createAt + draw.int(0, 20 * MINUTE)
  return {
    key: `job ${index}`,
    organization: draw.pick(['acme', 'acme', 'globex']),
    carrier: draw.pick(carriers).name,
    from: draw.pick([
      [CALLER_IDS[0]],
      [CALLER_IDS[0]],
      [CALLER_IDS[0], CALLER_IDS[1]],
      [CALLER_IDS[2], CALLER_IDS[0], CALLER_IDS[1]],
    ]),
    rows: draw.list(draw.pick([1, 5, 12, 12, 30]), () => drawRow(draw, start, calmAt)),
    policy: drawPolicy(draw, true),
    timezone: draw.pick(ZONES),
    createAt,
    start: scheduled ? startAt : draw.pick(['now', 'now', 'now', 'draft'] as const),
    review: draw.chance(0.1),
    keepOpen: draw.chance(0.15),
    ...(expires && { expiresAt: startAt + draw.int(5, 240) * MINUTE }),
  }
}

export function drawRow(draw: Draw, start: number, calmAt: number): PlannedRow {
  if (draw.chance(0.05)) return { phone: draw.pick(['', 'not a number', '12', '+1 202 555 01']) }
  const area = draw.pick(AREAS)
  return {
    phone: numberOf(area, draw.int(0, LAST_NUMBER)),
    ...(draw.chance(0.3) && { externalId: `person ${draw.int(0, 20)}` }),
    ...(draw.chance(0.2) && { priority: draw.int(-2, 2) }),
    ...(draw.chance(0.3) && { timezone: draw.pick(ZONES) }),
    ...(draw.chance(0.1) && { attempts: draw.int(1, 4) }),
    ...(draw.chance(0.15) && { notBefore: start + draw.int(0, calmAt) }),
    ...(draw.chance(0.08) && { callerId: draw.pick(CALLER_IDS) }),
  }
}

/** A fictional number. */
export function numberOf(area: string, place: number): string {
  return `+1${area}55501${String(place).padStart(2, '0')}`
}

/** A policy; whole for a new job, or a part of one for a change. */
export function drawPolicy(draw: Draw, whole: boolean): PlannedPolicy {
  const p = whole ? 0.5 : 0.3
  const policy: PlannedPolicy = {
    ...(draw.chance(p) && { concurrency: draw.pick([1, 2, 3, 8, 20]) }),
    ...(draw.chance(p) && { cps: draw.pick([0.2, 0.5, 1, 3, 10]) }),
    ...(draw.chance(whole ? 0.8 : 0.2) && { attempts: draw.int(1, 4) }),
    ...(draw.chance(p) && {
      retry: {
        no_answer: draw.pick([
          ['1m', '10m'],
          { delays: ['2m'], jitter: 0.5 },
          { exponential: { first: '30s', max: '10m' } },
        ]),
        busy: draw.pick([[], ['90s'], { at: '10:30', after: '1m' }]),
        voicemail: draw.pick([['20m'], { delays: ['5m'], max: 1 }]),
        rejected: ['3m'],
      },
    }),
    ...(draw.chance(whole ? 0.3 : 0.15) && { window: drawWindow(draw) }),
    ...(whole &&
      draw.chance(0.25) && { caps: [draw.pick([CAP, CAP, { per: 'externalId', max: 1, within: '30m' } as const])] }),
    ...(draw.chance(whole ? 1 : 0.2) && { ringTimeout: draw.int(10, 40) * SECOND }),
    ...(draw.chance(whole ? 1 : 0.2) && { maxDuration: draw.pick([20 * SECOND, 2 * MINUTE, 8 * MINUTE]) }),
    ...(draw.chance(0.25) && { unknown: draw.pick(['fail', 'retry'] as const) }),
    ...(draw.chance(p) && { infrastructureLimit: draw.pick([2, 5, 20]) }),
    ...(draw.chance(0.2) && { weight: draw.pick([0.5, 1, 4]) }),
  }
  return policy
}

function drawWindow(draw: Draw): PlannedWindow {
  const hours = draw.pick([
    [['09:00', '20:00']],
    [['00:00', '24:00']],
    [['01:00', '03:30']],
    [
      ['00:00', '06:00'],
      ['06:30', '12:00'],
      ['12:05', '12:10'],
      ['14:00', '24:00'],
    ],
  ] as const)
  const timezone = draw.maybe(0.3, () => draw.pick(ZONES))
  return {
    hours,
    days: draw.pick([
      [0, 1, 2, 3, 4, 5, 6],
      [0, 1, 2, 3, 4, 5, 6],
      [0, 1, 2, 3, 4, 6],
    ]),
    ...(timezone !== undefined && { timezone }),
  }
}
