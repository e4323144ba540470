// Runs every check one after the other, also after one has failed, and adds them up: each test is one, and so is each
// other check.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'outdial-ci-'))
const total = { passed: 0, failed: 0 }
const failures = []

const shell = (command, env = {}) => {
  console.log(`\n━━ ${command}`)
  const started = Date.now()
  const { status } = spawnSync('bash', ['-c', command], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  console.log(`━━ ${status === 0 ? 'ok' : 'FAILED'} after ${Math.round((Date.now() - started) / 1000)} s`)
  return status === 0
}

const count = (name, passed, failed) => {
  total.passed += passed
  total.failed += failed
  if (failed > 0) failures.push(name)
}

/** A check that passes or fails as a whole. */
const check = (command, env) => {
  const ok = shell(command, env)
  count(command, ok ? 1 : 0, ok ? 0 : 1)
}

/** As much of an error as one line can hold. */
const inOneLine = (text = '') => text.split('\n', 12).join(' | ')

/**
 * Every test, by the command of the README. A run that fails without a failed test, or runs none, is a failure all the
 * same. What failed is named once more at the end, for whoever sees no more than that.
 */
const tests = (reporter, env = {}) => {
  const report = join(folder, 'tests.json')
  const outside = join(folder, 'unhandled-errors.json')
  for (const path of [report, outside]) rmSync(path, { force: true })
  const reporters = `--reporter=${reporter} --reporter=json --outputFile.json='${report}' --reporter=./.ci/unhandled-errors.mjs`
  const ok = shell(`npm test -- ${reporters}`, { ...env, OUTDIAL_UNHANDLED_ERRORS: outside })
  const told = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}
  const { numPassedTests: passed = 0, numFailedTests: failed = 0, testResults = [] } = told
  for (const { name, assertionResults, status, message } of testResults) {
    const file = relative(process.cwd(), name)
    const failedHere = assertionResults.filter((test) => test.status === 'failed')
    for (const { fullName, failureMessages } of failedHere)
      failures.push(`${file} > ${fullName}: ${inOneLine(failureMessages[0])}`)
    if (status === 'failed' && failedHere.length === 0) failures.push(`${file}: ${inOneLine(message)}`)
  }
  for (const { name, message, stack } of existsSync(outside) ? JSON.parse(readFileSync(outside, 'utf8')) : [])
    failures.push(`outside of every test, ${name}: ${inOneLine(message)} | ${inOneLine(stack)}`)
  const unexplained = failed === 0 && (!ok || passed === 0) ? 1 : 0
  return { ok, passed, failed: failed + unexplained }
}

const examples = existsSync('examples')
  ? readdirSync('examples').filter((name) =>
      ['main.ts', 'run.mjs'].some((file) => existsSync(join('examples', name, file))),
    )
  : []

// Another day, another language.
const elsewhere = { TZ: 'Pacific/Chatham', LANG: 'C', LC_ALL: 'C' }

const first = tests('default')
count('npm test', first.passed, first.failed)
check('npm run lint')
check('npm run typecheck')
check('npm run build')
check('npm run check:packages -- --built')
check('npm run check:unused')
check('npm start')
for (const name of examples) check(`npm run example ${name}`)
// The same tests, so they count as one check.
const again = tests('dot', elsewhere).ok
count(
  `npm test with ${Object.entries(elsewhere)
    .map((pair) => pair.join('='))
    .join(' ')}`,
  again ? 1 : 0,
  again ? 0 : 1,
)
// A reader that leaves early is no reason to complain.
check("! { npm start | head -n 1; } 2>&1 | grep -E 'EPIPE|node:events|Unhandled'", elsewhere)

rmSync(folder, { recursive: true, force: true })
for (const name of failures) console.log(`FAILED: ${name}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
