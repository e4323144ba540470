import type { Options } from 'tsup'
import { copyLicenses } from './tsup.licenses.js'

interface Recipe {
  /** Output name → source file, one for each path of the package's exports. */
  entry: Record<string, string>
  /** Output name → source file of programs: run, never imported, so ES module only and without types. */
  programs?: Record<string, string>
  /** Dependencies published only as ES modules: `require` of one works on some Node versions only, so CommonJS carries them inside. In the order in which one imports the next. */
  esmOnly?: string[]
}

const common: Options = {
  target: 'node20',
  platform: 'neutral',
  // Neutral ground has no built-ins to bundle; only the `./node` entries and programs name any.
  external: [/^node:/],
  removeNodeProtocol: false,
  // What two entries share exists once, in CommonJS as well.
  splitting: true,
  silent: true,
  // The formats are built side by side into one folder, so neither may empty it: scripts/build.mjs does, before.
  clean: false,
}

// tsup 8 sets `baseUrl` for its declaration build, which TypeScript 6 reports as an error.
const dts: Options['dts'] = { compilerOptions: { ignoreDeprecations: '6.0' } }

/** The one way our packages are built: ES module, CommonJS, and types for each. */
export const recipe = ({ entry, programs = {}, esmOnly = [] }: Recipe): Options[] => [
  { ...common, entry, format: 'esm', dts },
  {
    ...common,
    entry,
    format: 'cjs',
    dts,
    noExternal: esmOnly,
    onSuccess: async () => {
      if (esmOnly.length > 0) copyLicenses(esmOnly)
    },
  },
  ...Object.entries(programs).map(([name, file]) => ({ ...common, entry: { [name]: file }, format: 'esm' as const })),
]
