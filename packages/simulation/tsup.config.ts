import type { Options } from 'tsup'
import { recipe } from '../../tsup.base.js'

const config: Options[] = recipe({ entry: { index: 'src/index.ts', process: 'src/process.ts' } })

export default config
