import type { Options } from 'tsup'
import { recipe } from '../../tsup.base.js'

const config: Options[] = recipe({
  entry: { index: 'src/index.ts', store: 'src/store/index.ts' },
  esmOnly: ['p-limit', 'yocto-queue'],
})

export default config
