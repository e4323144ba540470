import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/cli/nearest.js'
import { Progress } from '../../src/cli/progress.js'
import { etaBy } from '../../src/cli/run/eta.js'
import { callingView, type Scene } from '../../src/cli/run/views.js'
import { Screen } from '../../src/cli/screen.js'
import { table } from '../../src/cli/table.js'
import { fullMoment, lengthOfTime, moment, printable } from '../../src/cli/wording.js'

/** A terminal of some width that remembers what it was sent. */
function terminal(columns: number, env: NodeJS.ProcessEnv = {}) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), {
    isTTY: true,
    columns,
    hasColors: () => env.NO_COLOR === undefined,
  })
  const screen = new Screen(stream as unknown as NodeJS.WriteStream, { LANG: 'C.UTF-8', ...env })
  return { stream, screen, sent: (): string => String(stream.read() ?? '') }
}

const scene: Scene = {
  total: 20_000,
  ended: 12_345,
  placed: 18_001,
  live: 50,
  answered: 9_999,
  retrying: 1_234,
  lastRetryAt: 0,
  stopping: false,
  left: 83_000,
  clock: { at: Date.UTC(2027, 0, 4, 14, 37), zone: 'UTC' },
  waiting: undefined,
}
const ESC = '\u001B'
const STYLES = new RegExp(`${ESC}\\[\\d+m`, 'g')
/** What takes a frame of two lines away. */
const BACK = `\r${ESC}[1A${ESC}[J`

describe('the bar', () => {
  it.each([20, 40, 60, 80, 100, 200])('fits a terminal of %i columns', (columns) => {
    const { screen } = terminal(columns)
    const lines = callingView(() => ({ ...scene, waiting: 'waits for calling hours, Tue 09:00' })).lines(screen)
    expect(lines).toHaveLength(2)
    for (const line of lines) expect([...line.replace(STYLES, '')].length).toBeLessThan(columns)
  })

  it('shows how far it is, the numbers, what is left and the simulated time', () => {
    const { screen } = terminal(80)
    const [bar, numbers] = callingView(() => scene)
      .lines(screen)
      .map((line) => line.replace(STYLES, ''))
    expect(bar).toMatch(/^█+▋?░+ {3}61 % {2}eta 1 min 23 s {2}Mon 4 Jan 14:37$/)
    expect(numbers).toBe('placed 18,001   live 50   answered 9,999   retrying 1,234')
  })

  it('has no colour with NO_COLOR, and no signs that an old terminal lacks', () => {
    const { screen } = terminal(80, { NO_COLOR: '1', LANG: 'C' })
    const lines = callingView(() => scene).lines(screen)
    expect(lines.join('\n')).toMatch(/^\[#{22}\.{15}\] {3}61 %/)
    expect(lines.join('')).not.toContain('\u001B')
  })

  it('is redrawn in place, gives way to notes, and gives the cursor back', () => {
    const { screen, sent } = terminal(80, { NO_COLOR: '1' })
    const progress = new Progress(screen)
    progress.follow(callingView(() => scene))
    const first = sent()
    progress.note('Stopping')
    const second = sent()
    progress.stop()
    const last = sent()
    const [bar, numbers] = callingView(() => scene).lines(screen)
    expect(first).toBe(`${ESC}[?25l${bar}\n${numbers}`)
    expect(second).toBe(`${BACK}Stopping\n${bar}\n${numbers}`)
    expect(last).toBe(`${BACK}${bar}\n${numbers}\n${ESC}[?25h`)
  })

  it('writes nothing more into a closed pipe', async () => {
    const { screen, stream, sent } = terminal(80)
    stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await screen.closed
    screen.line('text')
    expect(sent()).toBe('')
  })
})

describe('what is left', () => {
  it('follows the pace on the clock of the campaign, and waits for the last retry', () => {
    let [now, real] = [0, 0]
    const eta = etaBy(
      () => now,
      () => real,
    )
    expect(eta.left(scene, 20_000)).toBeUndefined()
    ;[now, real] = [60_000, 1_000]
    expect(eta.left({ ...scene, ended: 5_000 }, 20_000)).toBe(3_000)
    expect(eta.left({ ...scene, ended: 5_000, lastRetryAt: 360_000 }, 20_000)).toBe(5_000)
    expect(eta.left({ ...scene, ended: 20_000 }, 20_000)).toBe(0)
  })
})

describe('words', () => {
  it('aligns columns and breaks the last one', () => {
    const rows = [
      ['name', 'n', 'about'],
      ['a', '1,000', 'one two three four five six seven'],
    ]
    expect(table(rows, { right: [1] })).toEqual([
      'name      n  about',
      'a     1,000  one two three four five six seven',
    ])
    expect(table(rows, { right: [1], width: 35 })).toEqual([
      'name      n  about',
      'a     1,000  one two three four',
      '             five six seven',
    ])
  })

  it.each([
    [830, '0.8 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [86_399_000, '1 d'],
    [273_600_000, '3 d 4 h'],
  ])('%i ms is %s', (ms, text) => {
    expect(lengthOfTime(ms)).toBe(text)
  })

  it('tells a moment by the clocks of a zone', () => {
    expect(moment(Date.UTC(2027, 0, 4, 14, 5), 'America/New_York')).toBe('Mon 4 Jan 09:05')
    expect(fullMoment(Date.UTC(2027, 0, 4, 0, 0), 'UTC')).toBe('Mon 4 Jan 2027 00:00')
  })

  it('spells out what would play tricks on a terminal', () => {
    expect(printable('a\u001B[2Jb\u202Ec\n')).toBe('a\\u{1b}[2Jb\\u{202e}c\\u{a}')
  })

  it.each([
    ['form', 'from'],
    ['concurency', 'concurrency'],
    ['conc', 'concurrency'],
    ['atempts', 'attempts'],
    ['verbose', undefined],
  ])('%s probably means %s', (word, meant) => {
    expect(nearest(word, ['from', 'concurrency', 'cps', 'attempts', 'window', 'json'])).toBe(meant)
  })
})
