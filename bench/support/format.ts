import type { Spread } from './measure.js'

/** Three digits that count, or all there are before the point. */
export function digits(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value.toLocaleString('en-US')
  const places = Math.min(3, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))))
  return value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places })
}

/** The middle, and the ends between which the runs lay. */
export function range({ median, min, max }: Spread): string {
  return `${digits(median)} (${digits(min)}–${digits(max)})`
}
