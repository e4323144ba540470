/** Area codes in which 555-01xx belongs to nobody. */
const AREAS = [
  202, 203, 206, 207, 208, 209, 212, 213, 214, 216, 217, 218, 225, 228, 229, 231, 239, 240, 251, 252, 253, 256, 260,
  262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313,
]

/** So many people with fictional numbers, from a place of the list on. */
export function people(count: number, first = 0): { phone: string }[] {
  if (first + count > AREAS.length * 100) throw new Error('there are no more fictional numbers')
  return Array.from({ length: count }, (_, i) => {
    const place = first + i
    return { phone: `+1${AREAS[Math.floor(place / 100)]}555${String(100 + (place % 100)).padStart(4, '0')}` }
  })
}
