import type { Windows } from './open-together.js'
import { closesAt } from './window.js'

/**
 * An instant of an opening at random: the opening itself, or up to `spread` later but not after it has closed again. So those who wait for the same opening
 * do not all come at its first moment.
 */
export function spreadOpening(windows: Windows, zones: string, opens: number, spread: number, random: number): number {
  const closes = closesAt(windows, zones, opens) ?? opens
  return opens + Math.floor(Math.min(spread, closes - opens) * random)
}
