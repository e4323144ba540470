import type { Options } from 'tsup'
import { recipe } from '../../tsup.base.js'

const config: Options[] = recipe({ entry: { index: 'src/index.ts', node: 'src/node.ts' } })

export default config
