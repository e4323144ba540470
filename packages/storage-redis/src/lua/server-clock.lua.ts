/** Time as the server has it. */
export const SERVER_CLOCK: string = `
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local CAPS_EXPIRE = true
`
