import type { Arguments } from '../args.js'
import type { Command, Surroundings } from '../command.js'
import { BadInput } from '../exit.js'
import { Progress } from '../progress.js'
import { StopWish } from '../stop-wish.js'
import { count, printable } from '../wording.js'
import { createCampaign, runCampaign, StoppedReading } from './campaign.js'
import { RUN_FLAGS } from './flags.js'
import { runOptions } from './options.js'
import { contactTable, leftOutTable, outcomeTable } from './report.js'
import { ResultsFile } from './results-file.js'
import { RowTally } from './rows.js'
import { sceneOf } from './scene.js'
import { endLines, howItStands, introduction, rowsLine } from './sentences.js'
import { simulation } from './simulation.js'
import { summarize } from './summary.js'
import { callingView, readingView } from './views.js'

/** `outdial run`: a campaign from a file of contacts to a file of results, on a simulated carrier. */
export const runCommand: Command = {
  name: 'run',
  summary: 'run a campaign over a file of contacts, on a simulated carrier',
  synopsis: 'FILE --from NUMBER [flags]',
  about: `Runs a campaign over the contacts in FILE and shows what would come of it.
Calls are simulated: no one is called.

FILE is .csv, .tsv, .txt, .json, .jsonl or .ndjson and has a column "phone"; it
may have "timezone", "attempts", "notBefore" and others. What else it has goes
into the results.`,
  notes: `Ctrl-C stops in good order: no new calls, live ones end, results so far are
written. A second Ctrl-C leaves at once.

--json ends with one line:
  { "job": {"id","state"},
    "rows": {"read","accepted","rejected","duplicates"},
    "tasks": {"total","succeeded","failed","skipped","canceled","expired","open"},
    "calls": {"placed","maxPerTask","byOutcome"} }
read is accepted + rejected + duplicates, total the sum of the others of "tasks",
and placed the sum of byOutcome.

Exit codes: 0 done, also when contacts were not reached; 2 bad input; 130 after
Ctrl-C; 1 anything unexpected.`,
  flags: RUN_FLAGS,
  run,
}

async function run(args: Arguments, { stdout, stderr, version }: Surroundings): Promise<number> {
  const began = performance.now()
  const options = runOptions(args)
  const screen = options.json ? stderr : stdout
  const results = await ResultsFile.open(options.out, options.file)
  const world = simulation(options)
  const progress = new Progress(screen)
  const rows = new RowTally()
  const wish = new StopWish(stdout.closed, () => {
    progress.stop()
    results.abandon()
  })
  const stopping = () => wish.why !== undefined
  try {
    progress.follow(readingView(() => rows.read, printable(options.file)))
    const job = await createCampaign(world, options, { onRow: rows.take, stopped: stopping })
    progress.stop(false)
    for (const line of introduction(options, version, world.clock.now())) screen.paragraph(line)
    screen.paragraph(rowsLine(job.intake))

    const startedAt = world.clock.now()
    const scene = sceneOf(world, job, options, stopping)
    progress.follow(callingView(scene.look))
    const ended = await runCampaign(world, job, wish.came, () => {
      const { live } = scene.look()
      if (live > 0) progress.note(`Stopping: no new calls, ${count(live)} live to end. Ctrl-C again leaves at once.`)
    })
    scene.close()
    progress.stop()

    const summary = await summarize(job, ended)
    await results.write(job.results(results.format))
    for (const line of leftOutTable(screen, rows.reasons())) screen.line(line)
    for (const line of outcomeTable(screen, summary, ended.calls)) screen.line(line)
    for (const line of contactTable(screen, ended)) screen.line(line)
    if (wish.why !== undefined) for (const line of howItStands(ended, scene.look().retrying)) screen.paragraph(line)
    const real = performance.now() - began
    const simulated = options.speed === undefined ? undefined : world.clock.now() - startedAt
    for (const line of endLines(results, summary, { real, simulated })) screen.paragraph(line)
    if (options.json) stdout.line(JSON.stringify(summary))
    return wish.exitCode
  } catch (error) {
    progress.stop(false)
    if (error instanceof BadInput) for (const line of leftOutTable(screen, rows.reasons())) screen.line(line)
    if (!(error instanceof StoppedReading)) throw error
    screen.line('Stopped while the contacts were being read. Nothing was begun.')
    return wish.exitCode
  } finally {
    wish.off()
    world.dispose()
    await results.discard()
  }
}
