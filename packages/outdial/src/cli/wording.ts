const NUMBERS = new Intl.NumberFormat('en-US')

/** `1,234`, wherever the machine stands. */
export function count(number: number): string {
  return NUMBERS.format(number)
}

/** A sum of money, that is told to the hundredth when it is small. */
export function amount(value: number): string {
  return value < 100 && !Number.isInteger(value) ? value.toFixed(2) : count(Math.round(value))
}

/** `1 contact`, `1,234 contacts`. */
export function counted(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`
}

/** A length of time in its two largest units: `0.8 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function lengthOfTime(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return two(seconds, 60, 'min', 's')
  const minutes = Math.round(seconds / 60)
  return minutes < 24 * 60 ? two(minutes, 60, 'h', 'min') : two(Math.round(minutes / 60), 24, 'd', 'h')
}

function two(amount: number, size: number, large: string, small: string): string {
  const rest = amount % size
  return `${count(Math.floor(amount / size))} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}

/** `Mon 4 Jan 14:37`, by the clocks of a zone. */
export function moment(at: number, zone: string): string {
  const { weekday, day, month, hour, minute } = partsOf(at, zone)
  return `${weekday} ${day} ${month} ${hour}:${minute}`
}

/** `Mon 4 Jan 2027 14:37`, the same with its year. */
export function fullMoment(at: number, zone: string): string {
  return moment(at, zone).replace(/(?= \d\d:)/, ` ${partsOf(at, zone).year}`)
}

function partsOf(at: number, timeZone: string): Partial<Record<string, string>> {
  const format = new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  })
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
}

/** Text from files and file names, safe to show: what would move a cursor or turn the writing around is spelled out. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) => `\\u{${(c.codePointAt(0) as number).toString(16)}}`)
}
