import type { CallingWindow } from './calling-window.js'
import { DAY, HOUR, MINUTE } from './duration.js'
import { openIntervals } from './window.js'
import { instantOfLocal, offsetAt, offsetSpan } from './zone.js'

/** A part of the day by the called person's clocks: minutes since midnight, the end not included. */
export interface TimeBlock {
  readonly from: number
  readonly until: number
}

/** Opening times repeat by the week; two of them find what a closed day or a change of clocks takes out of one. */
const HORIZON = 15 * DAY

/** Where a retry is looked for. */
export interface BlockSearch {
  readonly blocks: readonly TimeBlock[]
  readonly zone: string
  /** When people may be called; several count together. */
  readonly windows: readonly (CallingWindow | null)[]
  /** Not before. */
  readonly earliest: number
  /** In `[0, 1)`: how far into what is left of the block, at most so long. */
  readonly random: number
  readonly spread: number
}

/** What the clocks of a zone show at an instant, in minutes since midnight; `undefined` for an unknown zone. */
export function minuteAt(zone: string, at: number): number | undefined {
  const offset = offsetAt(zone, at)
  return offset === undefined ? undefined : Math.floor(((((at + offset) % DAY) + DAY) % DAY) / MINUTE)
}

/**
 * When to call at another time of day: in a block in which none of the `tried` times was (the last of them that of the call before), the
 * first that comes. With all of them tried (or never open), in any but the one that was tried last, and `tried` begins anew; with no
 * other at all, in that one again, on a later day. `undefined`: in no block within two weeks.
 *
 * What is answered is in a block by the clocks of the called person, and open.
 */
export function anotherBlock(
  search: BlockSearch,
  tried: readonly number[],
): { at: number; tried: readonly number[] } | undefined {
  const last = tried.slice(-1)
  const untried = firstIn(search, (block) => !tried.some((minute) => isIn(block, minute)))
  if (untried !== undefined) return { at: untried, tried }
  const other = firstIn(search, (block) => !last.some((minute) => isIn(block, minute)))
  if (other !== undefined) return { at: other, tried: last }
  const again = firstIn({ ...search, earliest: nextDay(search) }, () => true)
  return again === undefined ? undefined : { at: again, tried: last }
}

function isIn({ from, until }: TimeBlock, minute: number): boolean {
  return minute >= from && minute < until
}

/** The first open instant in one of the wanted blocks, spread over what is left of it. */
function firstIn(search: BlockSearch, wanted: (block: TimeBlock) => boolean): number | undefined {
  const { blocks, zone, windows, earliest, random, spread } = search
  let best: { start: number; end: number } | undefined
  for (const block of blocks) {
    if (!wanted(block)) continue
    for (const span of spansOf(zone, block, earliest)) {
      if (best && span.start >= best.start) break
      const open = firstOpen(windows, zone, span)
      if (open && (!best || open.start < best.start)) best = open
      if (open) break
    }
  }
  if (!best) return undefined
  return best.start + Math.floor(random * Math.min(spread, best.end - best.start))
}

/** The instants at which a zone's clocks show a time of a block, ascending, from an instant on. */
function* spansOf(
  zone: string,
  { from, until }: TimeBlock,
  earliest: number,
): Generator<{ start: number; end: number }> {
  const limit = earliest + HORIZON
  // In runs of the same offset: what clocks skip is not there, what they show twice is there twice.
  for (let run = earliest; run < limit; ) {
    const span = offsetSpan(zone, run)
    if (!span) return
    const end = Math.min(span.until, limit)
    for (let day = Math.floor((run + span.offset) / DAY); day * DAY < end + span.offset; day++) {
      const midnight = day * DAY - span.offset
      const start = Math.max(run, midnight + from * MINUTE)
      const stop = Math.min(end, midnight + until * MINUTE)
      if (start < stop) yield { start, end: stop }
    }
    run = end
  }
}

/** The first part of a span in which all windows are open. */
function firstOpen(
  windows: readonly (CallingWindow | null)[],
  zone: string,
  span: { start: number; end: number },
): { start: number; end: number } | undefined {
  let parts = [span]
  for (const window of windows) {
    if (window === null) continue
    parts = parts.flatMap(({ start, end }) => {
      const open = openIntervals(window, zone, start, end)
      const found: { start: number; end: number }[] = []
      for (let i = 0; i + 1 < open.length; i += 2) found.push({ start: open[i] as number, end: open[i + 1] as number })
      return found
    })
  }
  return parts[0]
}

/** The next midnight where the called person is. */
function nextDay({ zone, earliest }: BlockSearch): number {
  const offset = offsetAt(zone, earliest) ?? 0
  const midnight = (Math.floor((earliest + offset) / DAY) + 1) * DAY
  return Math.max(earliest + HOUR, instantOfLocal(zone, midnight) ?? earliest + DAY)
}
