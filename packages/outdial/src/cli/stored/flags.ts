import type { Flag } from '../command.js'

/** What names a campaign that is kept. */
export const STORED_FLAGS: readonly Flag[] = [
  {
    name: 'job',
    value: 'ID',
    help: 'A campaign that is kept in --storage. May be left out with --storage if there is just one.',
  },
  {
    name: 'storage',
    value: 'WHERE',
    help: 'Where it is kept: file: and the path of a folder, or redis:// and the rest.',
  },
]
