/** One step: what it was asked, what time it is, and how it refuses. */
export const STEP: string = `
shared KEYS, ARGV, base, given, meta, now, args

-- What scripts are made to do, by name: a function of Lua has 200 local names at most.
local methods = {}
local call, NULL = redis.call, cjson.null
local pack, unpackRecord, unpackOne = cmsgpack.pack, cmsgpack.unpack, cmsgpack.unpack_one
local packStruct, unpackStruct, concat = struct.pack, struct.unpack, table.concat
local string, table, ipairs, pairs, unpack, next = string, table, ipairs, pairs, unpack, next
local type, tonumber, pcall, error = type, tonumber, pcall, error
local byte, char, sub, find = string.byte, string.char, string.sub, string.find
local floor, max, min, INF = math.floor, math.max, math.min, math.huge
-- Arguments of one command: Lua's stack holds some 8,000.
local AT_ONCE = 4000

-- Has this done at the beginning of every step: whatever a step knows is forgotten before the next.
local beginnings = {}
local function anew(forget)
  beginnings[#beginnings + 1] = forget
end

-- A number that JSON cannot say: infinity came as null.
local function number(value)
  if value == nil or value == NULL then return INF end
  return value
end

-- Digits of a whole number: tostring writes 14 of them only. Those of small ones are there already.
local format, numerals = string.format, {}
for n = 0, 4095 do numerals[n] = format('%d', n) end
local function digits(n)
  return numerals[n] or format('%d', n)
end

-- A refusal by a code of ours. It is told after what was due by the clock has been written.
local function fail(code, details)
  error({ outdial = code, details = details or {} }, 0)
end

-- How everything is laid out. Goes up by one when keys or records become what older scripts cannot read.
local LAYOUT = 7

-- Begins a step. Answers what it is refused with, if it is.
local function begin(keys, argv)
  KEYS, ARGV = keys, argv
  base = keys[1]
  given = { nonce = argv[2], keepEvents = tonumber(argv[3]) }
  local text = call('GET', base .. 'meta')
  if text then
    local known
    known, meta = pcall(unpackRecord, text)
    if not known or type(meta) ~= 'table' or not meta.layout then return pack({ false, 'storage_unavailable', {} }) end
  else
    meta = { layout = LAYOUT, now = 0, tags = 0, jobs = 0, entered = 0 }
  end
  -- Data of another layout are not looked at: this is before anything is read of them, in every script.
  if meta.layout ~= LAYOUT then return pack({ false, 'storage_mismatch', { layout = meta.layout, known = LAYOUT } }) end
  -- The store's time; never goes back.
  now = max(meta.now, clock())
  meta.now = now
  for i = 1, #beginnings do beginnings[i]() end
  return nil
end
`
