/** Where a task is, as store/places.ts of core has it. */
export const PLACES_LUA: string = `
local FRESH, DEFERRED, CLAIMED, ACTIVE, UNKNOWN, ENDED = 0, 1, 2, 3, 4, 5
local PLACES = {
  [0] = 'fresh', 'deferred', 'claimed', 'active', 'unknown', 'succeeded', 'failed', 'skipped', 'canceled', 'expired',
}
local CODES = {}
for code, place in pairs(PLACES) do CODES[place] = code end
`
