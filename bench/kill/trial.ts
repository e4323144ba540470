import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LedgerEntry, readLedger, seededRandom } from 'outdial'
import { freePorts } from '../../packages/outdial/test/processes/free-port.js'
import type { Person } from '../redis/support/corpus.js'
import { startRedis } from '../redis/support/redis-server.js'
import { kill, startRole } from '../support/start-role.js'
import type { Assignment } from './assignment.js'
import type { Contender, Loaded } from './contender.js'
import { Crew } from './crew.js'
import { judge, type Verdict } from './verdict.js'

const WORKERS = 4
/** Calls at once, over all workers. */
const CONCURRENCY = 48
/** As in `chaos`: calls of a second, to people most of whom answer. */
const CARRIER = {
  outcomes: { answered: 0.7, busy: 0.2, no_answer: 0.1 },
  setup: [0, 50],
  ring: [0, 150],
  talk: [50, 500],
  replyDelay: [0, 150],
  ledger: false,
  seed: 11,
} as const
/** Longer than anybody needs to find out that a worker is gone. */
const PATIENCE = 240_000
/** What happens after the last end must have had its time. */
const AFTERMATH = 2_000

/** Has people called by workers that are killed about every second, each worker a process of its own. */
export async function trial(contender: Contender, people: readonly Person[], kills: number): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'outdial-kill-'))
  const ledgerFile = join(folder, 'ledger.jsonl')
  writeFileSync(ledgerFile, '')
  const server = await startRedis()
  const carrier = await startRole('carrier', { ...CARRIER, ledgerFile })
  const ports = await freePorts(WORKERS)
  const assignments = ports.map((port, i): Assignment => {
    return {
      redis: server.port,
      carrierUrl: carrier.ready,
      port,
      callbackPort: ports[(i + 1) % WORKERS] as number,
      concurrency: CONCURRENCY / WORKERS,
      ...(contender.maxStalledCount !== undefined && { maxStalledCount: contender.maxStalledCount }),
    }
  })
  const crew = new Crew(contender.role, assignments)
  try {
    const begun = Date.now()
    const loaded = await contender.load(server.port, people, CONCURRENCY)
    await crew.start()
    await crew.killSome(kills, seededRandom(5))
    const ledger = () => readLedger(readFileSync(ledgerFile, 'utf8'))
    await allOver(loaded, ledger, begun + PATIENCE)
    const verdict = judge(people, ledger(), await loaded.outcomes())
    await loaded.close()
    return { contacts: people.length, kills, ...verdict, seconds: Math.round((Date.now() - begun) / 1000) }
  } finally {
    await crew.end()
    await kill(carrier.child)
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** When nothing is left to do and the carrier has been quiet for a while. */
async function allOver(loaded: Loaded, ledger: () => LedgerEntry[], deadline: number): Promise<void> {
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    if ((await loaded.over()) && Date.now() - (ledger().at(-1)?.at ?? 0) > AFTERMATH) return
  }
}
