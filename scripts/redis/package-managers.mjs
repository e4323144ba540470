import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const isCommand = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

// In the order tried. `steps` are run one after the other; `asRoot` says that they need to be.
const known = [
  {
    command: 'apt-get',
    asRoot: true,
    steps: [
      ['update', '-q'],
      // Another installation may be going on; a minute is usually enough for it.
      ['install', '-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=60', 'redis-server'],
    ],
    // Neither questions nor, on Debian, a server started at once: tests start their own.
    variables: ['DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'],
  },
  { command: 'apk', asRoot: true, steps: [['add', '--no-cache', 'redis']] },
  { command: 'dnf', asRoot: true, steps: [['install', '-y', 'redis']] },
  { command: 'brew', asRoot: false, steps: [['install', 'redis']] },
]

/** The package manager of this machine, undefined if it is none we know. */
export const packageManager = () => known.find(({ command }) => isCommand(command))

/** The words before a command that has to be run as root: none for root, otherwise a sudo that never asks. */
export const asRoot = () => (process.getuid?.() === 0 ? [] : ['sudo', '-n'])
