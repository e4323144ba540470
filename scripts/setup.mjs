// npm run setup: installs everything that the other commands need. They do it themselves, too.
import { setUp } from './setup/set-up.mjs'

await setUp()
