/** Pace and holds, as limits/gcra.ts and limits/holds.ts of core have them. */
export const LIMITS: string = `
local gcra = {}

-- The earliest instant, not before now, at which the nth next start may happen.
function gcra.startTime(state, nth)
  return max(now, max(state.tat, now) + ((nth - state.b) * 1000) / state.a)
end

-- How many starts may happen from now up to and including an instant.
function gcra.startsUntil(state, upTo)
  local backlog = max(state.tat, now)
  return max(0, floor(((upTo - backlog) * state.a) / 1000 + state.b))
end

-- tat after the pace has changed: what the key owes is counted in starts and stays the same.
function gcra.repaced(wasRate, rate, tat)
  if not wasRate or tat <= now then return now end
  local changed = now + ((tat - now) * wasRate) / rate
  -- A debt that no number tells is none: else nothing would ever start again.
  if changed ~= changed or changed == INF then return now end
  return changed
end

-- tat after a start.
function gcra.afterStart(state, at)
  return max(state.tat, at) + 1000 / state.a
end

local holds = {}

-- Stamps of a cap are kept in the hash of the window in which they were last changed: those of a window ago can be gone.
local LEEWAY = 1000
local stampRows
anew(function() stampRows = {} end)
-- Reads together the stamps of keys under a cap with this window.
local function readStamps(keys, windowMs)
  local rows = stampRows[windowMs]
  if not rows then
    rows = {}
    stampRows[windowMs] = rows
  end
  local latest, missing = floor(now / windowMs), {}
  for i = 1, #keys do
    local key = keys[i]
    if not rows[key] then
      rows[key] = { stamps = {} }
      missing[#missing + 1] = key
    end
  end
  for generation = latest, floor((now - LEEWAY) / windowMs) - 1, -1 do
    if #missing == 0 then return end
    local older = {}
    local texts = call('HMGET', base .. 'caps:' .. digits(windowMs) .. ':' .. digits(generation), unpack(missing))
    for i = 1, #missing do
      if texts[i] then rows[missing[i]].stamps = unpackRecord(texts[i]) else older[#older + 1] = missing[i] end
    end
    missing = older
  end
end

local function stampsOf(key, windowMs)
  local rows = stampRows[windowMs]
  if not rows or not rows[key] then
    readStamps({ key }, windowMs)
    rows = stampRows[windowMs]
  end
  return rows[key]
end

-- Reads what is bound to be asked for: keys, false being that of the limit, and their limits by number. Answers for each what
-- its limit is, its key, and where it is counted.
function holds.expect(keys, limitKeys, limitNumbers)
  local asked, byWindow, money = {}, {}, {}
  for i = 1, #keys do
    local state = limitOf(limitKeys[limitNumbers[i]])
    local key, kind = keys[i] or state.key, state.kind
    asked[i] = { state = state, key = key, count = state }
    if kind == 'money' and keys[i] then
      money[#money + 1] = key
    elseif kind == 'cap' then
      local wanted = byWindow[state.b]
      if not wanted then
        wanted = {}
        byWindow[state.b] = wanted
      end
      wanted[#wanted + 1] = key
    end
  end
  if #money > 0 then
    expect(limitShelf, money)
    for _, hold in ipairs(asked) do
      if hold.state.kind == 'money' then hold.count = limitOf(hold.key) end
    end
  end
  for windowMs, wanted in pairs(byWindow) do
    for from = 1, #wanted, AT_ONCE do
      readStamps({ unpack(wanted, from, min(from + AT_ONCE - 1, #wanted)) }, windowMs)
    end
  end
  return asked
end

function holds.write()
  -- Most have one, of the same instant.
  local single = {}
  for windowMs, rows in pairs(stampRows) do
    local fields, n = {}, 0
    for key, row in pairs(rows) do
      if row.dirty then
        local stamps = row.stamps
        local text = #stamps == 1 and single[stamps[1]]
        if not text then
          text = pack(stamps)
          if #stamps == 1 then single[stamps[1]] = text end
        end
        fields[n + 1], fields[n + 2] = key, text
        n = n + 2
      end
    end
    if #fields > 0 then
      local generation = floor(now / windowMs)
      local key = base .. 'caps:' .. digits(windowMs) .. ':' .. digits(generation)
      call('HSET', key, unpack(fields))
      if CAPS_EXPIRE then call('PEXPIREAT', key, digits((generation + 2) * windowMs + 2 * LEEWAY)) end
    end
  end
end

-- Whether a hold would be admitted: nil, or when it may be worth asking again. Takes nothing.
function holds.refusal(hold, n, startAt)
  local state = hold.state
  local kind = state.kind
  if kind == 'slots' then
    if state.used + n > state.a then return now + 1000 end
  elseif kind == 'money' then
    -- Money is counted under the key, also when many share the limit.
    local count = hold.count
    if not (count.used + count.spent + n <= state.a) then return INF end
  elseif kind == 'rate' then
    local at = max(now, max(state.tat, now) + ((1 - state.b) * 1000) / state.a)
    if at > startAt then return at end
  elseif kind == 'cap' then
    local stamps = stampsOf(hold.key, state.b).stamps
    if #stamps + n > state.a then
      local again, room = holds.capRoom(stamps, state, startAt, n)
      if room < n then return again end
    end
  elseif kind == 'closed' then
    if startAt < state.a then return state.a end
  end
  return nil
end

-- When there is room for so many under a cap, how much there is for a start at this instant, and how many count then.
function holds.capRoom(stamps, state, startAt, n)
  local from, early = startAt - state.b, 0
  while early < #stamps and stamps[early + 1] <= from do early = early + 1 end
  local counted = #stamps - early
  local over = counted + n - state.a
  local again = startAt
  if over > counted then again = INF elseif over > 0 then again = stamps[early + over] + state.b end
  return again, state.a - counted, counted
end

-- How many starts a cap counts now, and when a hold of one would be admitted.
function holds.usage(key, state)
  local kind = state.kind
  if kind == 'slots' then return false, state.used < state.a and now or INF end
  if kind == 'money' then
    local count = limitOf(key)
    return false, count.used + count.spent + 1 <= state.a and now or INF
  end
  if kind == 'rate' then return false, gcra.startTime(state, 1) end
  if kind == 'closed' then return false, state.a end
  if kind ~= 'cap' then return false, now end
  local again, _, counted = holds.capRoom(stampsOf(key, state.b).stamps, state, now, 1)
  return counted, again
end

-- Takes a hold that was admitted, of more than nothing. What is held is five values each: key, how many, kind, and with a
-- cap its stamp and its window.
holds.VALUES = 5
function holds.take(hold, n, startAt, held)
  local state, at = hold.state, #held
  local kind = state.kind
  if kind == 'cap' then
    local row = stampsOf(hold.key, state.b)
    local kept, from, stamps = {}, now - state.b, row.stamps
    for i = 1, #stamps do
      if stamps[i] > from then kept[#kept + 1] = stamps[i] end
    end
    local place = #kept + 1
    while place > 1 and kept[place - 1] > startAt do place = place - 1 end
    for _ = 1, n do table.insert(kept, place, startAt) end
    row.stamps, row.dirty = kept, true
    held[at + 1], held[at + 2], held[at + 3], held[at + 4], held[at + 5] = hold.key, n, 'cap', startAt, state.b
  elseif kind == 'rate' then
    state.tat = max(state.tat, startAt) + 1000 / state.a
    held[at + 1], held[at + 2], held[at + 3], held[at + 4], held[at + 5] = state.key, n, 'rate', false, false
  else
    local count = hold.count
    count.used = count.used + n
    count.live = count.live + n
    held[at + 1], held[at + 2], held[at + 3] = count.key, n, kind == 'money' and 'money' or 'slots'
    held[at + 4], held[at + 5] = false, false
  end
end

-- What is held as the first layout had it: a table each.
function holds.flat(held)
  if type(held[1]) ~= 'table' then return held end
  local flat = {}
  for _, one in ipairs(held) do
    for i = 1, holds.VALUES do flat[#flat + 1] = one[i] or false end
  end
  return flat
end

-- Gives back what an attempt held: the values from this one on.
function holds.release(held, from, placed, spentMoney)
  local key, n, kind = held[from], held[from + 1], held[from + 2]
  if kind == 'rate' then return end
  if kind == 'cap' then
    if placed then return end
    local row = stampsOf(key, held[from + 4])
    local at
    for i, stamp in ipairs(row.stamps) do
      if stamp == held[from + 3] then at = i end
    end
    if at then
      for i = at, max(1, at - n + 1), -1 do table.remove(row.stamps, i) end
      row.dirty = true
    end
    return
  end
  local state = limitOf(key)
  state.used = state.used - n
  state.live = state.live - n
  if kind == 'money' and placed then state.spent = state.spent + (spentMoney or n) end
end
`
