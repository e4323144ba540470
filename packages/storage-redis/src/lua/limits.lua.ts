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

-- Reads what is bound to be asked for: keys, false being that of the limit, and their limits by number. Answers for each what
-- its limit is, its key, and where it is counted: a cap in a window.
function holds.expect(keys, limitKeys, limitNumbers)
  local asked, states, byWindow, money = {}, {}, {}, {}
  for i = 1, #keys do
    local number = limitNumbers[i]
    local state = states[number]
    if not state then
      state = limitOf(limitKeys[number])
      states[number] = state
    end
    local key, kind = keys[i] or state.key, state.kind
    local hold = { state = state, kind = kind, key = key, count = state }
    asked[i] = hold
    if kind == 'money' and keys[i] then
      money[#money + 1] = key
    elseif kind == 'cap' then
      local wanted = byWindow[state.b]
      if not wanted then
        wanted = { window = caps.windowOf(state.b) }
        byWindow[state.b] = wanted
      end
      hold.window = wanted.window
      wanted[#wanted + 1] = key
    end
  end
  if #money > 0 then
    expect(limitShelf, money)
    for _, hold in ipairs(asked) do
      if hold.state.kind == 'money' then hold.count = limitOf(hold.key) end
    end
  end
  for windowMs, wanted in pairs(byWindow) do caps.expect(wanted, windowMs) end
  return asked
end

-- Whether a hold would be admitted: nil, or when it may be worth asking again. Takes nothing.
function holds.refusal(hold, n, startAt)
  local state, kind = hold.state, hold.kind
  if kind == 'cap' then
    -- Of most people there is no stamp.
    if n <= state.a and hold.window.rows[hold.key] == '' then return nil end
    return caps.refusal(hold.key, state.b, state.a, n, startAt)
  elseif kind == 'slots' then
    if state.used + n > state.a then return now + 1000 end
  elseif kind == 'money' then
    -- Money is counted under the key, also when many share the limit.
    local count = hold.count
    if not (count.used + count.spent + n <= state.a) then return INF end
  elseif kind == 'rate' then
    local at = max(now, max(state.tat, now) + ((1 - state.b) * 1000) / state.a)
    if at > startAt then return at end
  elseif kind == 'closed' then
    if startAt < state.a then return state.a end
  end
  return nil
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
  local row = caps.rowOf(key, state.b)
  return caps.counted(row, now), caps.refusal(key, state.b, state.a, 1, now) or now
end

-- What a call holds is two texts: what is counted, which many have alike, and stamps of caps, behind when it began, which are looked at only
-- if it was never placed. Neither says anything of starts: they are not given back.
local COUNTED_HOLD, BEGAN, STAMPED_HOLD = '>BdI4c0', '>d', '>ddI2c0'
-- What was counted is at a place to which the texts of all of it lead, one after the other, so that a text which is the same for many
-- is made once.
local taken = { stamped = {} }
local countedRoot
anew(function() countedRoot = { text = '' } end)

-- Before those of a call are taken, which begins at this instant.
function holds.begin(startAt)
  if taken.at ~= startAt then taken.at, taken.began = startAt, packStruct(BEGAN, startAt) end
  taken.counted, taken.stamps = countedRoot, 1
  taken.stamped[1] = taken.began
end

-- Takes a hold that was admitted, of more than nothing.
function holds.take(hold, n, startAt)
  local state, kind = hold.state, hold.kind
  if kind == 'cap' then
    local key, windowMs, nth = hold.key, state.b, taken.stamps + 1
    caps.take(hold.window, key, windowMs, n, startAt)
    if hold.textOf ~= n then hold.textOf, hold.text = n, packStruct(STAMPED_HOLD, n, windowMs, #key, key) end
    taken.stamps = nth
    taken.stamped[nth] = hold.text
  elseif kind == 'rate' then
    state.tat = max(state.tat, startAt) + 1000 / state.a
  else
    local count, counted = hold.count, taken.counted
    count.used = count.used + n
    count.live = count.live + n
    if hold.textOf ~= n then
      hold.textOf, hold.text = n, packStruct(COUNTED_HOLD, kind == 'money' and 1 or 0, n, #count.key, count.key)
    end
    local place = counted[hold.text]
    if not place then
      place = { text = counted.text .. hold.text }
      counted[hold.text] = place
    end
    taken.counted = place
  end
end

-- What was taken since then.
function holds.taken()
  local stamps = taken.stamps
  return taken.counted.text, stamps > 1 and concat(taken.stamped, '', 1, stamps) or ''
end

-- What is counted, by its text: three values each, the key, how many, and whether it is money.
local countedByText
anew(function() countedByText = {} end)
function holds.counted(text)
  local counted = countedByText[text]
  if not counted then
    counted = {}
    local at, nth = 1, 0
    while at <= #text do
      local money, n, key
      money, n, key, at = unpackStruct(COUNTED_HOLD, text, at)
      counted[nth + 1], counted[nth + 2], counted[nth + 3] = key, n, money == 1
      nth = nth + 3
    end
    countedByText[text] = counted
  end
  return counted
end

-- Adds the keys of what these live attempts hold, which is bound to be given back.
function holds.keysOf(lives, keys)
  local seen = {}
  for _, one in pairs(lives) do
    local text = one and one.rest.counted
    if text and not seen[text] then
      seen[text] = true
      local counted = holds.counted(text)
      for i = 1, #counted, 3 do keys[#keys + 1] = counted[i] end
    end
  end
end

-- Gives back what a call held; "freed" is told of each limit of slots. What may have been placed counts under its caps.
function holds.release(one, placed, spentMoney, freed)
  local counted = holds.counted(one.rest.counted)
  for i = 1, #counted, 3 do
    local n, money, state = counted[i + 1], counted[i + 2], limitOf(counted[i])
    state.used = state.used - n
    state.live = state.live - n
    if not money then
      freed(state)
    elseif placed then
      state.spent = state.spent + (spentMoney or n)
    end
  end
  if placed then return end
  local text = live.stampsOf(one)
  if text == '' then return end
  local startAt, at = unpackStruct(BEGAN, text)
  while at <= #text do
    local n, windowMs, key
    n, windowMs, key, at = unpackStruct(STAMPED_HOLD, text, at)
    caps.giveBack(caps.rowOf(key, windowMs), n, startAt)
  end
end
`
