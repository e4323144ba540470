import type { Coming, DialBlock, ExplainedAttempt, Explanation, Preflight, Standing } from '@outdial/core'
import { callView, taskView } from './item-view.js'
import { time } from './job-view.js'

type View = Record<string, unknown>

/** What keeps a contact from being dialed, with times as ISO 8601. */
function blockView(block: DialBlock): View {
  const { until, ...rest } = block
  const view: View = { ...rest, ...time('until', until) }
  if ('listedUntil' in block) Object.assign(view, time('listedUntil', block.listedUntil))
  if ('asOf' in block) Object.assign(view, time('asOf', block.asOf))
  if (block.code === 'caller_ids') {
    view.from = block.from.map(({ callerId, blocks }) => ({ callerId, blocks: blocks.map(blockView) }))
  }
  return view
}

export function preflightView(job: string, told: Preflight): View {
  const { jobId: _, at, from, holds, reasons, openings, ...rest } = told
  return {
    ...rest,
    job,
    ...time('at', at),
    ...time('from', from),
    holds: holds.map(blockView),
    reasons: reasons.map(({ earliest, latest, examples, ...reason }) => ({
      ...reason,
      ...time('earliest', earliest),
      ...time('latest', latest),
      examples: examples.map(({ index: task, at: opens, blocks, ...contact }) => ({
        ...contact,
        task,
        ...time('at', opens),
        blocks: blocks.map(blockView),
      })),
    })),
    openings: openings.map(({ at: opens, contacts }) => ({ ...time('at', opens), contacts })),
  }
}

export function explanationView(job: string, told: Explanation): View {
  const { at, task, attempts, decisions, standing, ...rest } = told
  return {
    ...rest,
    ...time('at', at),
    task: taskView(job, task),
    attempts: attempts.map((attempt) => attemptView(job, task.index, attempt)),
    decisions: decisions.map(({ at: when, until, ...decision }) => ({
      ...decision,
      ...time('at', when),
      ...time('until', until),
    })),
    standing: standingView(standing),
  }
}

function attemptView(job: string, task: number, { call, decision, followed, ...rest }: ExplainedAttempt): View {
  return {
    ...rest,
    ...(call && { call: callView(job, task, call) }),
    ...(decision && { decision: { ...decision, ...time('at', decision.at) } }),
    ...(followed && {
      followed: followed.status === 'again' ? { status: followed.status, ...time('at', followed.at) } : followed,
    }),
  }
}

function standingView(standing: Standing): View {
  if (standing.status !== 'waiting') return { ...standing }
  const { blocks, next, allowed, ...rest } = standing
  return { ...rest, blocks: blocks.map(blockView), next: comingView(next), allowed: comingView(allowed) }
}

function comingView(coming: Coming): View {
  if (coming.status === 'stuck') return { status: coming.status, because: blockView(coming.because) }
  return { ...coming, ...time('at', coming.at) }
}
