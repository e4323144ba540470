import { dirname, join, normalize } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import { importsOf } from './support/imports.js'
import { type File, packageNames, repositoryFiles, sourcesOf } from './support/repository-files.js'

// Which of our packages each package may import. A package that is not named here may import none.
const allowed: Record<string, string[]> = {
  core: [],
  contacts: ['core'],
  'storage-memory': ['core'],
  'storage-redis': ['core'],
  'storage-kv': ['core'],
  // The folder is a key-value store like any other: what makes it a storage is storage-kv.
  'storage-lmdb': ['core', 'storage-kv'],
  // Uploads are rows of text: what reads them is a library like any other.
  'transport-http': ['core', 'contacts'],
  'transport-telephony': ['core'],
  simulation: ['core'],
  conformance: ['core'],
  // Everything that `outdial serve` can be asked for; embedders load none of it that they do not import.
  outdial: [
    'core',
    'contacts',
    'storage-memory',
    'storage-lmdb',
    'storage-redis',
    'transport-http',
    'transport-telephony',
    'simulation',
  ],
}

/** The folder name of the package of ours that a specifier names, if it does. */
const ours = (specifier: string): string | undefined =>
  /^@outdial\/([^/]+)/.exec(specifier)?.[1] ?? (/^outdial(\/|$)/.test(specifier) ? 'outdial' : undefined)

const leaves = (folder: string, { path }: File, specifier: string): boolean =>
  specifier.startsWith('.') && !normalize(join(dirname(path), specifier)).startsWith(`${folder}/`)

const violations = (name: string, files: File[]): string[] =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => {
        const target = ours(specifier)
        const forbidden = target !== undefined && !(allowed[name] ?? []).includes(target)
        return forbidden || leaves(`packages/${name}/src`, file, specifier) || specifier.startsWith('/')
      })
      .map((specifier) => `${file.path} imports ${specifier}`),
  )

const isExample = ({ path }: File) => /^examples\/[^/]+\/.+\.[cm]?[jt]s$/.test(path)
const exampleFolder = (path: string) => path.split('/').slice(0, 2).join('/')

describe('who may import whom', () => {
  it.each(packageNames())('%s imports only what it may', (name) => {
    const files = sourcesOf(name)
    expect(files).not.toHaveLength(0)
    expect(violations(name, files)).toEqual([])
  })

  it('examples import only published names', () => {
    const strays = repositoryFiles()
      .filter(isExample)
      .flatMap((file) =>
        importsOf(file)
          .filter((specifier) => leaves(exampleFolder(file.path), file, specifier) || /\/(src|dist)\//.test(specifier))
          .map((specifier) => `${file.path} imports ${specifier}`),
      )
    expect(strays).toEqual([])
  })
})

describe('the check itself', () => {
  const inCore = (text: string) => violations('core', [{ path: 'packages/core/src/deep/a.ts', text }])

  it.each([
    `import { x } from '@outdial/contacts'`,
    `import type { X } from '@outdial/storage-memory'`,
    `import '@outdial/simulation'`,
    `export * from 'outdial'`,
    `export { x } from 'outdial/node'`,
    `const x = await import('@outdial/contacts/node')`,
    `const x = require('@outdial/contacts')`,
    `import x = require('@outdial/contacts')`,
    `type X = import('@outdial/contacts').X`,
    `import { x } from '../../../contacts/src/index.js'`,
    `import { x } from '../../test/x.js'`,
  ])('catches %s', (text) => {
    expect(inCore(text)).toHaveLength(1)
  })

  it.each([`import { x } from '../x.js'`, `import { z } from 'zod'`, `// import '@outdial/contacts'`])(
    'allows %s',
    (text) => {
      expect(inCore(text)).toEqual([])
    },
  )

  it('catches an adapter that imports another', () => {
    const text = `import { x } from '@outdial/contacts'`
    expect(violations('simulation', [{ path: 'packages/simulation/src/a.ts', text }])).toHaveLength(1)
  })

  it('lets an adapter import the core', () => {
    const text = `import { x } from '@outdial/core/store'`
    expect(violations('simulation', [{ path: 'packages/simulation/src/a.ts', text }])).toEqual([])
  })
})
