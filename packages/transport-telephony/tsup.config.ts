import type { Options } from 'tsup'
import { recipe } from '../../tsup.base.js'

const config: Options[] = recipe({
  entry: {
    index: 'src/index.ts',
    twilio: 'src/twilio/index.ts',
    telnyx: 'src/telnyx/index.ts',
    http: 'src/http/index.ts',
  },
})

export default config
