/** Stamps of rolling caps: when the calls that count under a key began. */
export const CAPS: string = `
-- Stamps are eight bytes each, one after the other, the oldest first. The newest of a key are in its row, in the hash of the
-- period in which it was last changed: a row of a period long ago can be gone. Of a key with many the older ones are in blocks, which
-- are read only where somebody asks: so a call of a number with a hundred thousand a day costs no more than its first. The row says how many
-- are in blocks, and what is not counted any more need not be there.
local caps = { LEEWAY = 1000, MOST = 64, KEPT = 32, EACH = 512 }

-- Of each window its rows by key, and keys of those that have changed, some of them more than once. A row that nobody has looked
-- into is its text: for most people there is none, and their first call makes one of a single stamp. One that was only added to has its text,
-- and what was added: a number that calls all day has many stamps, and of a call of it nobody asks for any. Only what has "stamps" was read.
local capRows
anew(function() capRows = {} end)

-- How so many stamps are packed.
local stampFormats = {}
for n = 0, caps.EACH do stampFormats[n] = '>' .. string.rep('d', n) end

local function readRow(key, windowMs, text)
  local n = floor(#text / 8)
  return {
    key = key, windowMs = windowMs, text = text, count = n, added = {},
    first = n > 0 and unpackStruct('>d', text), last = n > 0 and unpackStruct('>d', text, n * 8 - 7),
    older = #text % 8 > 0 and unpackStruct('>I4', text, n * 8 + 1) or 0,
  }
end

local function readStamps(row)
  local n = row.count
  local stamps = { unpackStruct(stampFormats[n], row.text) }
  -- It also answers where it has stopped.
  stamps[n + 1] = nil
  for i, stamp in ipairs(row.added) do stamps[n + i] = stamp end
  row.stamps = stamps
end

-- Most have one stamp, of the same instant.
local single
anew(function() single = {} end)
local function singleText(stamp)
  local text = single[stamp]
  if not text then
    text = packStruct('>d', stamp)
    single[stamp] = text
  end
  return text
end

local function rowText(row)
  local stamps = row.stamps or row.added
  local text = packStruct(stampFormats[#stamps], unpack(stamps))
  local before = row.stamps and '' or sub(row.text, 1, row.count * 8)
  return before .. text .. (row.older > 0 and packStruct('>I4', row.older) or '')
end

local function periodKey(windowMs, period)
  return base .. 'caps:' .. digits(windowMs) .. ':' .. digits(period)
end

function caps.windowOf(windowMs)
  local window = capRows[windowMs]
  if not window then
    window = { rows = {}, changed = {} }
    capRows[windowMs] = window
  end
  return window
end

-- Reads together the rows of keys under a cap with this window.
local function readRows(keys, windowMs)
  local rows, missing = caps.windowOf(windowMs).rows, {}
  for i = 1, #keys do
    local key = keys[i]
    if not rows[key] then
      rows[key] = ''
      missing[#missing + 1] = key
    end
  end
  for period = floor(now / windowMs), floor((now - caps.LEEWAY) / windowMs) - 1, -1 do
    if #missing == 0 then return end
    local later = {}
    local texts = call('HMGET', periodKey(windowMs, period), unpack(missing))
    for i = 1, #missing do
      if texts[i] then rows[missing[i]] = texts[i] else later[#later + 1] = missing[i] end
    end
    missing = later
  end
end

function caps.expect(keys, windowMs)
  for from = 1, #keys, AT_ONCE do
    readRows({ unpack(keys, from, min(from + AT_ONCE - 1, #keys)) }, windowMs)
  end
end

-- A row, or its text, and those of its window.
local function knownRow(key, windowMs)
  local window = caps.windowOf(windowMs)
  if not window.rows[key] then readRows({ key }, windowMs) end
  return window.rows[key], window
end

local function openedRow(key, windowMs)
  local row, window = knownRow(key, windowMs)
  if type(row) == 'string' then
    row = readRow(key, windowMs, row)
    window.rows[key] = row
  end
  return row
end
function caps.rowOf(key, windowMs)
  local row = openedRow(key, windowMs)
  if not row.stamps then readStamps(row) end
  return row
end

local function rowChanged(row)
  if row.changed then return end
  row.changed = true
  local changed = capRows[row.windowMs].changed
  changed[#changed + 1] = row.key
end

local function blockKeyOf(row, block)
  return base .. 'stamps:' .. digits(row.windowMs) .. ':' .. digits(block) .. ':' .. row.key
end

-- The stamp at a place, the first being 0; before all others if it is not there any more.
local function stampAt(row, place)
  if place >= row.older then return row.stamps[place - row.older + 1] end
  local at = place % caps.EACH * 8
  local text = call('GETRANGE', blockKeyOf(row, floor(place / caps.EACH)), digits(at), digits(at + 7))
  return #text == 8 and unpackStruct('>d', text) or -INF
end

-- Whether a cap has room for so many starts at this instant: nil, or when it will have.
function caps.refusal(key, windowMs, cap, n, startAt)
  if n > cap then return INF end
  if knownRow(key, windowMs) == '' then return nil end
  local row = openedRow(key, windowMs)
  local count = row.stamps and #row.stamps or row.count + #row.added
  local place = row.older + count - cap + n - 1
  if place < 0 then return nil end
  if not row.stamps then readStamps(row) end
  local stamp = stampAt(row, place)
  if stamp > startAt - row.windowMs then return stamp + row.windowMs end
  return nil
end

-- How many count at an instant.
function caps.counted(row, at)
  local count = row.older + #row.stamps
  local low, high = 0, count
  while low < high do
    local middle = floor((low + high) / 2)
    if stampAt(row, middle) > at - row.windowMs then high = middle else low = middle + 1 end
  end
  return count - low
end

-- Has the last of the older stamps in the row again: those of a block.
local function fetch(row)
  local block = floor((row.older - 1) / caps.EACH)
  local n = row.older - block * caps.EACH
  local text = call('GETRANGE', blockKeyOf(row, block), 0, digits(n * 8 - 1))
  if #text < n * 8 then
    row.older = 0
    return
  end
  local stamps = { unpackStruct(stampFormats[n], text) }
  stamps[n + 1] = nil
  for i = 1, #row.stamps do stamps[n + i] = row.stamps[i] end
  row.stamps, row.older = stamps, block * caps.EACH
end

-- Has those in the row that began at this instant or later, and one before them.
local function reach(row, at)
  while row.older > 0 and (#row.stamps == 0 or row.stamps[1] >= at) do fetch(row) end
end

-- Adds so many starts at an instant, and forgets what is not counted any more.
function caps.take(window, key, windowMs, n, startAt)
  if n == 1 and window.rows[key] == '' then
    window.rows[key] = singleText(startAt)
    window.changed[#window.changed + 1] = key
    return
  end
  local row, from = openedRow(key, windowMs), now - windowMs
  if not row.stamps then
    if n == 1 and row.count > 0 and startAt >= row.last and row.first > from then
      row.added[#row.added + 1] = startAt
      row.last = startAt
      return rowChanged(row)
    end
    readStamps(row)
  end
  local stamps = row.stamps
  local over = 0
  while over < #stamps and stamps[over + 1] <= from do over = over + 1 end
  if over > 0 then
    local kept = {}
    for i = over + 1, #stamps do kept[i - over] = stamps[i] end
    -- Nor are those in blocks, which are older.
    row.stamps, row.older, stamps = kept, 0, kept
  end
  local place = #stamps
  if row.older > 0 and (place == 0 or stamps[1] > startAt) then
    reach(row, startAt)
    stamps = row.stamps
    place = #stamps
  end
  while place > 0 and stamps[place] > startAt do place = place - 1 end
  for i = 1, n do table.insert(stamps, place + i, startAt) end
  rowChanged(row)
end

-- Takes back what was added.
function caps.giveBack(row, n, startAt)
  reach(row, startAt)
  local stamps = row.stamps
  local at = #stamps
  while at > 0 and stamps[at] > startAt do at = at - 1 end
  if stamps[at] ~= startAt then return end
  for i = at, max(1, at - n + 1), -1 do table.remove(stamps, i) end
  rowChanged(row)
end

-- Moves the oldest of a row that has too many into blocks.
local function spill(row)
  local stamps, at, older = row.stamps, 1, row.older
  local last = #stamps - caps.KEPT
  while at <= last do
    local place = older % caps.EACH
    local n = min(last - at + 1, caps.EACH - place)
    local key = blockKeyOf(row, floor(older / caps.EACH))
    call('SETRANGE', key, digits(place * 8), packStruct(stampFormats[n], unpack(stamps, at, at + n - 1)))
    if CAPS_EXPIRE then call('PEXPIREAT', key, digits(stamps[at + n - 1] + row.windowMs + 2 * caps.LEEWAY)) end
    at, older = at + n, older + n
  end
  row.stamps, row.older = { unpack(stamps, last + 1) }, older
end

function caps.write()
  for windowMs, window in pairs(capRows) do
    local rows, fields, n = window.rows, {}, 0
    for _, key in ipairs(window.changed) do
      local row = rows[key]
      local text = type(row) == 'string' and row
      if not text and not row.written then
        if not row.stamps and row.count + #row.added > caps.MOST then readStamps(row) end
        if row.stamps and #row.stamps > caps.MOST then spill(row) end
        text, row.written = rowText(row), true
      end
      if text then
        fields[n + 1], fields[n + 2] = key, text
        n = n + 2
      end
    end
    if n > 0 then
      local period = floor(now / windowMs)
      local key = periodKey(windowMs, period)
      for i = 1, n, AT_ONCE do call('HSET', key, unpack(fields, i, min(i + AT_ONCE - 1, n))) end
      if CAPS_EXPIRE then call('PEXPIREAT', key, digits((period + 2) * windowMs + 2 * caps.LEEWAY)) end
    end
  end
end
`
