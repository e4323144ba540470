import type { Options } from 'tsup'
import { recipe } from '../../tsup.base.js'

const config: Options[] = recipe({
  entry: { index: 'src/index.ts', carriers: 'src/carriers/index.ts', resources: 'src/resources/index.ts' },
})

export default config
