import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, outdial } from './support/outdial.js'

const cwd = folder()
const rows = Array.from({ length: 200 }, (_, i) => `+1202555${String(i).padStart(4, '0')}`)
writeFileSync(join(cwd, 'people.csv'), ['phone', ...rows, 'nonsense'].join('\n'))
const hours = ['--window', 'mon-fri 09:00-10:00', '--timezone', 'America/New_York', '--start', '2027-01-04T00:00']
const slow = ['--concurrency', '2', '--price', '2']

describe('outdial forecast FILE', () => {
  it('says when it begins and ends and what it comes to, and draws the hours', async () => {
    const { code, stdout, stderr } = await outdial(['forecast', 'people.csv', ...hours, ...slow], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^people\.csv: a forecast\. No one is called\.\n/)
    expect(stdout).toContain('  rows    201: 200 accepted, 1 rejected, 0 duplicates\n')
    expect(stdout).toContain('  begins  Mon 4 Jan 2027 09:00\n')
    expect(stdout).toMatch(/\n {2}ends {4}\w{3} \d+ Jan 2027 09:\d\d \(.+ to .+\)\n/)
    for (const name of ['calls', 'minutes', 'cost', 'reached', 'given up']) {
      expect(stdout).toMatch(new RegExp(`\\n  ${name} +[\\d,]+ +[\\d,]+ +[\\d,]+\\n`))
    }
    expect(stdout).toMatch(
      /Calls every hour, .+ by the clocks of America\/New_York\n {2}Mon 4 Jan 09:00 +[#█]+[.░]+ +\d+\n/,
    )
    expect(stdout).toMatch(/\n\n {2}Tue 5 Jan 09:00/)
  })

  it('says it in one line of JSON', async () => {
    const { code, stdout } = await outdial(['forecast', 'people.csv', '--answered', '1', '--json'], { cwd })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      rows: { read: 201, accepted: 200, rejected: 1, duplicates: 0 },
      calls: { expected: 200 },
      contacts: { total: 200, succeeded: { expected: 200 } },
    })
  })

  it.each([
    ['forecast needs a FILE', ['forecast']],
    ["--answered: '2' is not a share", ['forecast', 'people.csv', '--answered', '2']],
    ["--talk: 'long' is neither", ['forecast', 'people.csv', '--talk', 'long']],
    ["--price: 'x' is not a number", ['forecast', 'people.csv', '--price', 'x']],
    ['start: ', ['forecast', 'people.csv', '--start', 'soon']],
    ['there is no such file', ['forecast', 'nobody.csv']],
  ])('says %s and ends with 2', async (message, words) => {
    const { code, stderr } = await outdial(words, { cwd })
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
