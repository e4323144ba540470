import type { Forecast } from '../../forecast/forecast.js'
import type { Screen } from '../screen.js'
import { count, moment } from '../wording.js'

/** More lines than that nobody reads: then a line stands for several hours. */
const LINES = 24
const WIDEST = 50
const HOUR = 3_600_000

interface Line {
  readonly at: number
  readonly calls: number
  readonly answered: number
}

/** Calls by the hour, as bars: answered ones solid. Hours without a call are left out, and a blank line says that they are. */
export function chart(screen: Screen, hours: Forecast['hours'], zone: string): string[] {
  if (hours.length === 0) return []
  const busy = hours.filter(({ calls }) => calls.expected > 0).length
  const each = [1, 2, 3, 6, 12, 24].find((size) => busy / size <= LINES) ?? Math.ceil(busy / LINES)
  const lines = grouped(hours, each)
  const most = Math.max(...lines.map(({ calls }) => calls))
  const width = Math.min(WIDEST, Math.max(10, (Number.isFinite(screen.width) ? screen.width : 80) - 32))
  const [solid, light] = screen.unicode ? ['█', '░'] : ['#', '.']
  const shown: string[] = []
  let empty = false
  for (const { at, calls, answered } of lines) {
    if (calls === 0) {
      empty = true
      continue
    }
    if (empty && shown.length > 0) shown.push('')
    empty = false
    const full = Math.max(1, Math.round((calls / most) * width))
    const part = Math.round((answered / calls) * full)
    const bar = screen.green(solid.repeat(part)) + screen.dim(light.repeat(full - part))
    shown.push(`  ${moment(at, zone).padEnd(16)}  ${bar}${' '.repeat(width - full)}  ${count(calls)}`)
  }
  const every = each === 1 ? 'hour' : `${each} hours`
  return [`Calls every ${every}, answered ones ${screen.unicode ? 'solid' : solid}, by the clocks of ${zone}`, ...shown]
}

/** Counts hours together, beginning where their own number is a multiple of so many. */
function grouped(hours: Forecast['hours'], each: number): Line[] {
  const lines = new Map<number, Line>()
  for (const { at, calls, answered } of hours) {
    const from = Math.floor(at / HOUR / each) * each * HOUR
    const line = lines.get(from) ?? { at: from, calls: 0, answered: 0 }
    const sum = { at: from, calls: line.calls + calls.expected, answered: line.answered + answered.expected }
    lines.set(from, sum)
  }
  return [...lines.values()]
}
