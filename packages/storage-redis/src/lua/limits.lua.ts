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
  return now + ((tat - now) * wasRate) / rate
end

-- tat after a start.
function gcra.afterStart(state, at)
  return max(state.tat, at) + 1000 / state.a
end

local holds = {}

-- Stamps of a cap are kept in the hash of the window in which they were last changed: those of a window ago can be gone.
local LEEWAY = 1000
local stampRows = {}
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

-- Reads what is bound to be asked for: keys, and their limits.
function holds.expect(keys, limitKeys)
  local byWindow, money = {}, {}
  for i = 1, #keys do
    local state = limitOf(limitKeys[i])
    if state.kind == 'money' then money[#money + 1] = keys[i] end
    if state.kind == 'cap' then
      byWindow[state.b] = byWindow[state.b] or {}
      table.insert(byWindow[state.b], keys[i])
    end
  end
  if #money > 0 then expect(limitShelf, money) end
  for windowMs, wanted in pairs(byWindow) do readStamps(wanted, windowMs) end
end

function holds.write()
  for windowMs, rows in pairs(stampRows) do
    local fields = {}
    for key, row in pairs(rows) do
      if row.dirty then
        fields[#fields + 1] = key
        fields[#fields + 1] = pack(row.stamps)
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
function holds.refusal(key, limit, n, startAt)
  local state = limitOf(limit)
  local kind = state.kind
  if kind == 'slots' then
    if state.used + n > state.a then return now + 1000 end
  elseif kind == 'money' then
    -- Money is counted under the key, also when many share the limit.
    local count = limitOf(key)
    if count.used + count.spent + n > state.a then return INF end
  elseif kind == 'rate' then
    local at = max(now, max(state.tat, now) + ((1 - state.b) * 1000) / state.a)
    if at > startAt then return at end
  elseif kind == 'cap' then
    local again, room = holds.capRoom(stampsOf(key, state.b).stamps, state, startAt, n)
    if room < n then return again end
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

-- Takes a hold that was admitted, of more than nothing.
function holds.take(key, limit, n, startAt)
  local state = limitOf(limit)
  local kind = state.kind
  if kind == 'cap' then
    local row = stampsOf(key, state.b)
    local kept, from = {}, now - state.b
    for _, at in ipairs(row.stamps) do
      if at > from then kept[#kept + 1] = at end
    end
    local place = #kept + 1
    while place > 1 and kept[place - 1] > startAt do place = place - 1 end
    for _ = 1, n do table.insert(kept, place, startAt) end
    row.stamps, row.dirty = kept, true
    return { key, n, 'cap', startAt, state.b }
  end
  if kind == 'rate' then
    state.tat = max(state.tat, startAt) + 1000 / state.a
    return { state.key, n, 'rate' }
  end
  local count = kind == 'money' and limitOf(key) or state
  count.used = count.used + n
  count.live = count.live + n
  return { count.key, n, kind == 'money' and 'money' or 'slots' }
end

-- Gives back what an attempt held.
function holds.release(held, placed, spentMoney)
  local key, n, kind = held[1], held[2], held[3]
  if kind == 'rate' then return end
  if kind == 'cap' then
    if placed then return end
    local row = stampsOf(key, held[5])
    local at
    for i, stamp in ipairs(row.stamps) do
      if stamp == held[4] then at = i end
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
