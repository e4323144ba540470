/** What the process of a benchmark can be started as, instead of running the benchmark. Each is played until its starter is gone. */
const ROLES: Readonly<Record<string, () => Promise<{ play(args: string): Promise<void> }>>> = {
  'slow-link': () => import('../redis/support/slow-link-role.js'),
  carrier: () => import('../kill/carrier-role.js'),
  'bull-worker': () => import('../kill/bull-worker-role.js'),
  'outdial-worker': () => import('../kill/outdial-worker-role.js'),
}

/** Plays a role, if it is one. */
export async function play(role: string, args: string): Promise<boolean> {
  const load = ROLES[role]
  if (!load) return false
  process.once('disconnect', () => process.exit(0))
  const { play: begin } = await load()
  await begin(args)
  return true
}
