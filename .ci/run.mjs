// Runs every check one after the other, also after one has failed, and adds them up: each test is one, and so is each
// other check.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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

/** The tests count one by one. A run that fails without a failed test, or runs none, is a failure all the same. */
const tests = () => {
  const report = join(folder, 'tests.json')
  const ok = shell(`npm test -- --reporter=default --reporter=json --outputFile.json='${report}'`)
  const { numPassedTests = 0, numFailedTests = 0 } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}
  const unexplained = numFailedTests === 0 && (!ok || numPassedTests === 0) ? 1 : 0
  count('npm test', numPassedTests, numFailedTests + unexplained)
}

const examples = existsSync('examples')
  ? readdirSync('examples').filter((name) =>
      ['main.ts', 'run.mjs'].some((file) => existsSync(join('examples', name, file))),
    )
  : []

// Another day, another language.
const elsewhere = { TZ: 'Pacific/Chatham', LANG: 'C', LC_ALL: 'C' }

tests()
check('npm run lint')
check('npm run typecheck')
check('npm run build')
check('npm run check:packages -- --built')
check('npm run check:unused')
check('npm start')
for (const name of examples) check(`npm run example ${name}`)
check('npm test -- --reporter=dot', elsewhere)
// A reader that leaves early is no reason to complain.
check("! { npm start | head -n 1; } 2>&1 | grep -E 'EPIPE|node:events|Unhandled'", elsewhere)

rmSync(folder, { recursive: true, force: true })
for (const name of failures) console.log(`FAILED: ${name}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
