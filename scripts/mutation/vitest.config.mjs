// How Stryker runs tests: without projects, types and packages' own node_modules, which lead back to the unmutated sources.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'
import { chosen, folders } from './folders.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const source = (path) => `${root}packages/${path}`

const places = folders[chosen()]

/** The folders in the order in which they are named: a mutant is done with the first test that fails. */
class NearestFirst extends BaseSequencer {
  /** @override */
  async sort(files) {
    const place = ({ moduleId }) => places.findIndex((folder) => moduleId.includes(`/${folder}/`))
    return files.toSorted((a, b) => place(a) - place(b))
  }
}

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
    include: places.map((folder) => `${folder}/**/*.test.ts`),
    // The first is about the world, not about our code; the others have their seed in their name, another one every time.
    exclude: ['**/zone-data.test.ts', '**/operations/*.prop.test.ts'],
    sequence: { sequencer: NearestFirst },
    setupFiles: [`${root}scripts/mutation/fewer-runs.mjs`],
    // Virtual time: what takes longer than this waits for something that never comes.
    // One worker for all files of a run, so that what they import is read once; each mutant has a run of its own.
    isolate: false,
    testTimeout: 6_000,
    hookTimeout: 30_000,
  },
})
