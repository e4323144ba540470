import type { Arguments } from '../args.js'
import { policyWish } from '../campaign/policy.js'
import type { Surroundings } from '../command.js'
import { BadInput } from '../exit.js'
import { Progress } from '../progress.js'
import { StopWish } from '../stop-wish.js'
import { count, printable } from '../wording.js'
import { createCampaign, runCampaign, StoppedReading } from './campaign.js'
import { keptIn } from './kept.js'
import { runOptions } from './options.js'
import { contactTable, leftOutTable, outcomeTable } from './report.js'
import { ResultsFile } from './results-file.js'
import { RowTally } from './rows.js'
import { sceneOf } from './scene.js'
import { endLines, goesOn, howItStands, introduction, rowsLine, spentLines } from './sentences.js'
import { simulation } from './simulation.js'
import { summarize } from './summary.js'
import { suppressFile } from './suppress.js'
import { callingView, readingView } from './views.js'

/** See `runCommand`. */
export async function run(args: Arguments, { stdout, stderr, version }: Surroundings): Promise<number> {
  const began = performance.now()
  // What a flag says wrongly is told before any file is read.
  runOptions(args)
  const policy = await policyWish(args.flags)
  const options = runOptions(args, policy.options)
  const screen = options.json ? stderr : stdout
  const kept = options.folder === undefined ? undefined : await keptIn(options.folder, options, policy)
  const results = await ResultsFile.open(options.out, options.file)
  const world = simulation(options, kept, policy.rates)
  const progress = new Progress(screen)
  const rows = new RowTally()
  const wish = new StopWish(stdout.closed, () => {
    progress.stop()
    results.abandon()
  })
  const stopping = () => wish.why !== undefined
  try {
    progress.follow(readingView(() => rows.read, printable(options.file)))
    if (policy.suppress !== undefined) await suppressFile(world, policy.suppress, options.region)
    const job = await createCampaign(world, options, policy, { onRow: rows.take, stopped: stopping, key: kept?.key })
    progress.stop(false)
    for (const line of introduction(options, policy, version, world.clock.now())) screen.paragraph(line)
    screen.paragraph(rowsLine(job.intake))
    const before = await job.snapshot()
    if (job.replayed) screen.paragraph(goesOn(before))

    const startedAt = world.clock.now()
    const scene = sceneOf(world, job, options, stopping, before.tasks.total - before.tasks.open)
    progress.follow(callingView(scene.look))
    const ended = await runCampaign(world, job, policy, wish.came, () => {
      const { live } = scene.look()
      if (live > 0) progress.note(`Stopping: no new calls, ${count(live)} live to end. Ctrl-C again leaves at once.`)
    })
    scene.close()
    progress.stop()

    const summary = await summarize(job, ended, policy)
    for (const line of leftOutTable(screen, rows.reasons())) screen.line(line)
    for (const line of outcomeTable(screen, summary, ended.calls)) screen.line(line)
    for (const line of contactTable(screen, ended)) screen.line(line)
    for (const line of spentLines(summary, policy, ended)) screen.paragraph(line)
    if (wish.why !== undefined)
      for (const line of howItStands(ended, scene.look().retrying, options.folder)) screen.paragraph(line)
    const simulated = options.speed === undefined ? undefined : world.clock.now() - startedAt
    // The disk may be full by now; the numbers are known all the same.
    try {
      await results.write(job.results(results.format))
      const real = performance.now() - began
      for (const line of endLines(results, summary, { real, simulated })) screen.paragraph(line)
    } finally {
      if (options.json) stdout.line(JSON.stringify(summary))
    }
    return wish.exitCode
  } catch (error) {
    progress.stop(false)
    if (error instanceof BadInput) for (const line of leftOutTable(screen, rows.reasons())) screen.line(line)
    if (!(error instanceof StoppedReading)) throw error
    screen.line('Stopped while the contacts were being read. Nothing was begun.')
    return wish.exitCode
  } finally {
    wish.off()
    await world.dispose()
    await kept?.storage.close()
    await results.discard()
  }
}
