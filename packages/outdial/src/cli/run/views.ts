import type { View } from '../progress.js'
import type { Screen } from '../screen.js'
import { count, lengthOfTime, moment } from '../wording.js'
import type { Standing } from './tally.js'

const WIDEST_BAR = 48
const NARROWEST_BAR = 8
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** Rows being read, of which nobody knows how many there are. */
export function readingView(rows: () => number, file: string): View {
  const text = () => `Reading ${file}: ${count(rows())} rows`
  return { done: () => undefined, lines: ({ width }) => [text().slice(0, width - 1)], plain: text }
}

/** A campaign at some moment, as it is shown. */
export interface Scene extends Standing {
  readonly total: number
  /** Nobody new is called; what is live comes to its end. */
  readonly stopping: boolean
  /** Real milliseconds left, if anyone can say. */
  readonly left: number | undefined
  /** Simulated time and the zone to show it in. */
  readonly clock: { readonly at: number; readonly zone: string } | undefined
  /** Why nobody is being called right now. */
  readonly waiting: string | undefined
}

/** A campaign under way. */
export function callingView(look: () => Scene): View {
  return {
    done: () => done(look()),
    lines: (screen) => {
      const scene = look()
      return [barLine(screen, scene), numbersLine(screen, scene)]
    },
    plain: () => {
      const scene = look()
      const parts = [
        percent(scene).trimStart(),
        ...numbers(scene).map(([name, number]) => `${name} ${number}`),
        eta(scene),
      ]
      return [...parts, clock(scene), scene.waiting].filter(Boolean).join('  ')
    },
  }
}

function done({ ended, total }: Scene): number {
  return total === 0 ? 1 : ended / total
}

function barLine(screen: Screen, scene: Scene): string {
  const words = [percent(scene), eta(scene), clock(scene)].filter(Boolean).join('  ')
  // The last column stays free: terminals differ in what they do after it.
  const room = Math.min(WIDEST_BAR, screen.width - 1 - words.length - 2)
  return room < NARROWEST_BAR ? words.slice(0, screen.width - 1) : `${bar(screen, done(scene), room)}  ${words}`
}

function bar(screen: Screen, fraction: number, width: number): string {
  const full = Math.floor(fraction * width)
  if (!screen.unicode) return `[${'#'.repeat(Math.floor(fraction * (width - 2))).padEnd(width - 2, '.')}]`
  const part = full < width ? (EIGHTHS[Math.floor((fraction * width - full) * 8)] as string) : ''
  const rest = '░'.repeat(width - full - part.length)
  return screen.green('█'.repeat(full) + part) + screen.dim(rest)
}

function numbersLine(screen: Screen, scene: Scene): string {
  let line = ''
  let length = 0
  const waiting = scene.waiting === undefined ? [] : [[scene.waiting, ''] as const]
  for (const [name, number] of [...numbers(scene), ...waiting]) {
    const gap = length === 0 ? 0 : 3
    const needed = gap + `${name} ${number}`.trimEnd().length
    // What does not fit is left out whole; the most telling numbers come first.
    if (length + needed > screen.width - 1) break
    line += `${' '.repeat(gap)}${screen.dim(name)}${number === '' ? '' : ` ${number}`}`
    length += needed
  }
  return line
}

function numbers({ placed, live, answered, retrying }: Scene): readonly (readonly [string, string])[] {
  return [
    ['placed', count(placed)],
    ['live', count(live)],
    ['answered', count(answered)],
    ['retrying', count(retrying)],
  ]
}

/** Never 100 before the end. */
function percent(scene: Scene): string {
  return `${String(Math.floor(done(scene) * 100)).padStart(3)} %`
}

function eta({ left, ended, total, stopping }: Scene): string {
  if (stopping) return 'stopping'
  if (ended >= total) return ''
  // Nobody knows it to a tenth of a second.
  return `eta ${left === undefined ? '...' : lengthOfTime(Math.ceil(left / 1000) * 1000).replace('.0 ', ' ')}`
}

function clock({ clock: shown }: Scene): string {
  return shown === undefined ? '' : moment(shown.at, shown.zone)
}
