import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const here = new URL('./', import.meta.url)
const exists = (path: string) => existsSync(new URL(path, here))
const files = (path: string) => (exists(path) ? readdirSync(new URL(path, here), { recursive: true }).map(String) : [])

/** The tests of one folder. Type tests (x.test-d.ts) start a compiler of their own, so only where there are any. */
const project = (name: string, root: string, include: string[]) => ({
  extends: true as const,
  test: {
    name,
    root,
    include,
    typecheck: {
      enabled: files(`${root}/test`).some((file) => file.endsWith('.test-d.ts')),
      include: ['test/**/*.test-d.ts'],
      // A package's own settings are for its sources, and would pass over its tests.
      tsconfig: fileURLToPath(new URL('tsconfig.json', here)),
      // Type errors outside the type tests are `npm run typecheck`'s to report, once.
      ignoreSourceErrors: true,
    },
  },
})

const packages = readdirSync(new URL('packages/', here)).filter((name) => exists(`packages/${name}/package.json`))
const besides = ['examples', 'docs', 'bench', 'chaos'].filter(exists)

// Vitest no longer looks for a file of this name: `npm test` passes it with --config, and vitest.config.ts hands it to
// editors and to a bare `vitest`.
const config: ViteUserConfig = defineConfig({
  // Tests read sources, never dist, so no build is needed first.
  resolve: { conditions: ['@outdial/source'] },
  ssr: { resolve: { conditions: ['@outdial/source'] } },
  test: {
    // Nothing here asserts how long something takes, so a slow machine only needs patience.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Vitest leaves a core to others, which of two is half; and much of what runs here waits for other processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project('repo', '.', ['test/**/*.test.ts']),
      ...packages.map((name) => project(name, `packages/${name}`, ['test/**/*.test.ts'])),
      ...besides.map((name) => project(name, name, ['**/*.test.ts'])),
    ],
  },
})

export default config
