// What the called people's clocks showed, told from the area codes by hand and by nothing of Outdial: the second pair of eyes.
import type { AttemptEntry } from 'outdial'

const ZONES: Readonly<Record<string, string>> = {
  '212': 'America/New_York',
  '305': 'America/New_York',
  '312': 'America/Chicago',
  '405': 'America/Chicago',
  '850': 'America/Chicago',
  '303': 'America/Denver',
  '602': 'America/Phoenix',
  '415': 'America/Los_Angeles',
}
/** Florida and Oklahoma end an hour earlier than the others. */
const UNTIL_EIGHT = ['305', '850', '405']

function local({ to = '', fencedAt = 0 }: AttemptEntry): { area: string; zone: string; hour: number; weekday: string } {
  const area = to.slice(2, 5)
  const zone = ZONES[area] as string
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    weekday: 'short',
  }).formatToParts(fencedAt)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return { area, zone, weekday: part('weekday'), hour: Number(part('hour')) + Number(part('minute')) / 60 }
}

/** Whether a call was begun in the hours that count for its number. */
export function withinHours(entry: AttemptEntry): boolean {
  const { area, hour, weekday } = local(entry)
  return !['Sat', 'Sun'].includes(weekday) && hour >= 9 && hour < (UNTIL_EIGHT.includes(area) ? 20 : 20.5)
}

/** By zone, how many calls there were in each hour of the people's day. */
export function localHours(entries: readonly AttemptEntry[]): Map<string, string> {
  const zones = new Map<string, number[]>()
  for (const entry of entries) {
    const { zone, hour } = local(entry)
    const hours = zones.get(zone) ?? Array.from({ length: 24 }, () => 0)
    hours[Math.floor(hour)] = (hours[Math.floor(hour)] ?? 0) + 1
    zones.set(zone, hours)
  }
  const shown = (hours: number[]) => hours.flatMap((calls, hour) => (calls > 0 ? `${hour}h:${calls}` : [])).join(' ')
  return new Map([...zones].map(([zone, hours]) => [zone, shown(hours)]))
}
