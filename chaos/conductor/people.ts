/** Area codes in which 555-01xx belongs to nobody. */
const AREAS = [
  202, 203, 206, 207, 208, 209, 212, 213, 214, 216, 217, 218, 225, 228, 229, 231, 239, 240, 251, 252, 253, 256, 260,
  262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319,
  320, 321, 323, 325, 330, 334, 336, 337, 339, 351, 352, 360, 361, 386, 401, 402, 404, 405, 406, 407, 408, 409, 410,
  412, 413, 414, 415, 417, 419, 423, 425, 430, 432, 434, 435, 440, 443, 469, 470, 478, 479, 480, 484, 501, 502, 503,
  504, 505, 507, 508, 509, 510, 512, 513,
]

/** So many people with fictional numbers, from a place of the list on. */
export function people(count: number, first = 0): { phone: string }[] {
  if (first + count > AREAS.length * 100) throw new Error('there are no more fictional numbers')
  return Array.from({ length: count }, (_, i) => {
    const place = first + i
    return { phone: `+1${AREAS[Math.floor(place / 100)]}555${String(100 + (place % 100)).padStart(4, '0')}` }
  })
}
