import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const examples = readdirSync(join(root, 'examples')).filter((name) =>
  existsSync(join(root, 'examples', name, 'main.ts')),
)

/** What an example has to print, beside coming to its end without complaint. */
const PRINTS: Record<string, string[]> = {
  'quick-start': ['phone_impossible_length', '+12025550110 busy', '+12025550110 answered', 'answered  │ 3'],
  'scheduled-windows': [
    'scheduled for Mon 13:30 UTC',
    'Mon 14:00 UTC is Mon 09:00 in America/New_York',
    'Mon 16:00 UTC is Mon 09:00 in America/Denver',
    'Mon 19:00 UTC is Mon 09:00 in Pacific/Honolulu',
    'Tue 14:00 UTC is Tue 10:00 in Atlantic/Bermuda',
    'completed: 4 of 4 reached',
  ],
  'compliant-campaign': [
    '40 contacts, 2 numbers on the register',
    'preflight: 0 now, 38 later, 2 never',
    'reached, 2 skipped, ',
    ', 0 open',
    '+13055550128: It has ended as skipped',
    'outside of the hours: 0',
    'to people of the register: 0',
  ],
  'crash-and-resume': ['live: 20', 'completed: 100 contacts', '0 open', 'people called: 100, called twice: 0'],
  'custom-store': [
    'the first process: SIGKILL',
    'completed: 100 contacts',
    '0 open',
    'people called: 100, called twice: 0',
  ],
  'typed-variables': [
    'line 4, visits: variables_invalid',
    'line 5, slot: variables_invalid',
    'Gizmo Snickerdoodle 3 visits succeeded',
  ],
  'http-server': ['Express: 201, completed, 2 of 2 reached', 'Fastify: 201, completed', 'Hono: 201, completed'],
  'http-carrier': [
    'carrier_misconfigured - pbx: from: +12025550166 is not one of our numbers.',
    'completed: 100 of 100 reached, 0 open',
    '100 people talked to, 0 of them twice',
    'the first heard: Hello Gizmo the 0th',
    'answers lost: some, refs asked for twice: 0',
  ],
  'custom-carrier': ['completed: 5 of 5 reached, with 5 calls'],
  'redis-workers': [
    'kill -9 of a worker',
    'people called: 100, calls: 110',
    'the same report, and the same calls to everybody',
  ],
  'bulk-numbers': ['pending_review', "'succeeded/done': 40, 'failed/rejected': 1", 'numbers: 50, bought twice: 0'],
}

const run = (name: string): Promise<{ code: number | null; output: string; errors: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@outdial/source', '--import', import.meta.resolve('tsx'), join(root, 'examples', name, 'main.ts')],
      {
        env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 150_000,
      },
    )
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output, errors }))
  })

describe('the examples', () => {
  it('are all known here', () => {
    expect(Object.keys(PRINTS).sort()).toEqual(examples.sort())
  })

  it.concurrent.each(examples)('%s runs', { timeout: 180_000 }, async (name) => {
    const { code, output, errors } = await run(name)
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    for (const text of PRINTS[name] ?? []) expect(output).toContain(text)
  })

  it.each(
    readdirSync(join(root, 'examples')).filter((name) => existsSync(join(root, 'examples', name, 'package.json'))),
  )('%s is in the list of examples', (name) => {
    expect(readFileSync(join(root, 'examples/README.md'), 'utf8')).toContain(`npm run example ${name}`)
  })
})
