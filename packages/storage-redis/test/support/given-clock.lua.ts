/** Time as a test has it: for scripts that no release contains. */
export const GIVEN_CLOCK: string = `
local function clock()
  return tonumber(ARGV[4])
end
local CAPS_EXPIRE = false
`
