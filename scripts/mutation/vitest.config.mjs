// How Stryker runs tests: without projects, types and packages' own node_modules, which lead back to the unmutated sources.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { chosen, folders } from './folders.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const source = (path) => `${root}packages/${path}`

export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^@outdial\/core\/store$/, replacement: source('core/src/store/index.ts') },
      { find: /^@outdial\/([\w-]+)$/, replacement: source('$1/src/index.ts') },
      { find: /^@outdial\/([\w-]+)\/(node|process)$/, replacement: source('$1/src/$2.ts') },
      { find: /^outdial$/, replacement: source('outdial/src/index.ts') },
      { find: /^outdial\/node$/, replacement: source('outdial/src/node.ts') },
    ],
  },
  test: {
    include: folders[chosen()].map((folder) => `${folder}/**/*.test.ts`),
    // The first is about the world, not about our code; the others have their seed in their name, another one every time.
    exclude: ['**/zone-data.test.ts', '**/operations/*.prop.test.ts'],
    setupFiles: [`${root}scripts/mutation/fewer-runs.mjs`],
    // Virtual time: what takes longer than this waits for something that never comes.
    // One worker for all files of a run, so that what they import is read once; each mutant has a run of its own.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
