/** One step: what it was asked, what time it is, and how it refuses. */
export const STEP: string = `
local base = KEYS[1]
local given = { nonce = ARGV[2], keepEvents = tonumber(ARGV[3]) }

-- What scripts are made to do, by name: a function of Lua has 200 local names at most.
local methods = {}
local call = redis.call
local pack, unpackRecord = cmsgpack.pack, cmsgpack.unpack
local string, ipairs, pairs, unpack = string, ipairs, pairs, unpack
local byte, char, sub, find = string.byte, string.char, string.sub, string.find
local floor, max, min, INF = math.floor, math.max, math.min, math.huge
local NULL = cjson.null
-- Arguments of one command: Lua's stack holds some 8,000.
local AT_ONCE = 4000

-- A number that JSON cannot say: infinity came as null.
local function number(value)
  if value == nil or value == NULL then return INF end
  return value
end

-- Digits of a whole number: tostring writes 14 of them only.
local function digits(n)
  return string.format('%.0f', n)
end

-- A refusal by a code of ours. It is told after what was due by the clock has been written.
local function fail(code, details)
  error({ outdial = code, details = details or {} }, 0)
end

-- How everything is laid out. Goes up by one when keys or records become what older scripts cannot read.
local LAYOUT = 2
local meta
do
  local text = call('GET', base .. 'meta')
  local known
  if text then
    known, meta = pcall(unpackRecord, text)
    if not known or type(meta) ~= 'table' or not meta.layout then return pack({ false, 'storage_unavailable', {} }) end
  else
    meta = { layout = LAYOUT, now = 0, tags = 0, jobs = 0 }
  end
end
-- The first layout is this one without ends and reasons of lists, without a ledger and shares of fresh tasks.
if meta.layout == 1 then meta.layout = LAYOUT end
-- Data of another layout are not looked at: this is before anything is read of them, in every script.
if meta.layout ~= LAYOUT then return pack({ false, 'storage_mismatch', { layout = meta.layout, known = LAYOUT } }) end
-- The store's time; never goes back.
local now = max(meta.now, clock())
meta.now = now
`

/** What most scripts are asked. */
export const ASKED: string = `
local args = cjson.decode(ARGV[1])
`
