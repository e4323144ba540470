/** People with numbers that nobody has. */
export function people(count: number): { phone: string; name: string }[] {
  const areas = ['202', '303', '404', '505', '606']
  return Array.from({ length: count }, (_, i) => ({
    phone: `+1${areas[i % areas.length]}555${String(100 + Math.floor(i / areas.length)).padStart(4, '0')}`,
    name: `Gizmo the ${i}th`,
  }))
}

/** The campaign that everybody makes, the same wherever it runs. */
export const CAMPAIGN = {
  name: 'Reminders',
  carrier: 'pbx',
  from: '+12025550199',
  agent: 'Hello {{name}}',
  concurrency: 40,
  ringTimeout: '20 s',
  maxDuration: '60 s',
  infrastructureLimit: 1_000,
  idempotencyKey: 'the campaign of this store',
  start: 'now',
} as const

/** The service as the campaigns use it. */
export const CAPABILITIES = {
  idempotency: 'durable',
  lookup: { visibilityLag: 0, horizon: 86_400_000 },
  hangup: true,
  amd: true,
} as const
