/** Suppression lists: who is on them until when, and why, as store/lists.ts of core has them. */
export const LISTS: string = `
-- A list is a record, and who is on it: a set of those for good, a sorted set of those until an instant, by it, and reasons in
-- a hash. Nobody is in both sets, and a hash or a sorted set is there only if somebody is in it. The record says what is true of
-- the whole, and which of the three have to be looked at: { asOf, maxAgeMs, ends, reasons, enlisted, forGood, why }.
-- Calls put a great many people on a list for a time and for the same reason, an outcome or what a host calls it: that is "why", of
-- whoever has an end and no reason in the hash. It stays what it is for as long as somebody has an end.
local lists = {}
local listsByName, enlisted
anew(function() listsByName, enlisted = {}, {} end)

local function keysOfList(name)
  return { forGood = base .. 'list:' .. name, ends = base .. 'until:' .. name, reasons = base .. 'why:' .. name }
end

-- A reason as it is in the hash, where it can also say that there is none.
local NO_REASON = '\\0'
local function reasonText(reason)
  if not reason then return NO_REASON end
  return sub(reason, 1, 1) == NO_REASON and NO_REASON .. reason or reason
end
-- Why somebody is on a list; false for no reason.
function lists.reasonOf(list, till, text)
  if not text then return till ~= INF and list.entry[7] or false end
  if sub(text, 1, 1) ~= NO_REASON then return text end
  return text ~= NO_REASON and sub(text, 2)
end

function lists.at(keys, entry)
  return { keys = keys, entry = entry, known = {}, changed = {}, reasons = {} }
end
-- A list as this step sees it: "known" says until when, infinity being for good; false or nothing: not on it.
function lists.of(name)
  local list = listsByName[name]
  if not list then
    list = lists.at(keysOfList(name), get(listShelf, name))
    list.name = name
    listsByName[name] = list
  end
  return list
end

-- Reads until when these are on a list. A list that nobody has made has nobody.
function lists.read(list, members)
  local keys, known, entry = list.keys, list.known, list.entry
  if not entry then return end
  for from = 1, #members, AT_ONCE do
    local last = min(from + AT_ONCE - 1, #members)
    if entry[6] then
      local told = call('SMISMEMBER', keys.forGood, unpack(members, from, last))
      for i = 1, #told do
        if told[i] == 1 then known[members[from + i - 1]] = INF end
      end
    end
    if entry[3] then
      local told = call('ZMSCORE', keys.ends, unpack(members, from, last))
      for i = 1, #told do
        if told[i] then known[members[from + i - 1]] = tonumber(told[i]) end
      end
    end
  end
end

-- Puts somebody on a list of which it was read whether they are on it. Of two ends the later stays, and with it its reason.
function lists.put(list, member, till, reason)
  local was = list.known[member]
  if till <= now or was and was >= till then return end
  list.known[member] = till
  if list.changed[member] == nil then list.changed[member] = was or false end
  list.reasons[member] = reason or nil
end

-- Forgets some whose end has passed.
local function forgetPassed(list, most)
  local keys = list.keys
  local passed = call('ZRANGEBYSCORE', keys.ends, '-inf', now, 'LIMIT', 0, most)
  if #passed == 0 then return end
  call('ZREM', keys.ends, unpack(passed))
  if list.entry[4] then call('HDEL', keys.reasons, unpack(passed)) end
end

-- Writes who was put on a list, and forgets twice as many as were put on it for a time.
function lists.write(list)
  local keys, entry = list.keys, list.entry
  local forGood, ended, ends, reasons, bare, timed = {}, {}, {}, {}, {}, 0
  -- Who is put on it together is there until the same instant, most often.
  local last, lastText
  for member, was in pairs(list.changed) do
    local till, reason = list.known[member], list.reasons[member]
    local why = nil
    if till == INF then
      forGood[#forGood + 1] = member
      if was then ended[#ended + 1] = member end
    else
      if list.enlisted and not entry[3] then entry[3], entry[7] = true, reason or false end
      why = entry[7] or nil
      if till ~= last then last, lastText = till, format('%.17g', till) end
      timed = timed + 1
      ends[timed * 2 - 1], ends[timed * 2] = lastText, member
    end
    if reason ~= why then
      reasons[#reasons + 1] = member
      reasons[#reasons + 1] = reasonText(reason)
    elseif was then
      bare[#bare + 1] = member
    end
  end
  if #forGood > 0 then
    entry[6] = true
    call('SADD', keys.forGood, unpack(forGood))
  end
  if #ended > 0 then call('ZREM', keys.ends, unpack(ended)) end
  if #ends > 0 then
    entry[3] = true
    call('ZADD', keys.ends, unpack(ends))
  end
  if #bare > 0 and entry[4] then call('HDEL', keys.reasons, unpack(bare)) end
  if #reasons > 0 then
    entry[4] = true
    call('HSET', keys.reasons, unpack(reasons))
  end
  if timed > 0 then forgetPassed(list, timed * 2 + 8) end
end

-- Puts somebody on a list by a report; whether they are on it was read before. Written by "writeEnlisted".
function lists.enlist(list, member, till, reason)
  lists.put(list, member, till, reason)
  if list.enlisted or next(list.changed) == nil then return end
  list.enlisted = true
  enlisted[#enlisted + 1] = list
  if not list.entry then
    list.entry = { false, false, false, false, false, false, false }
    put(listShelf, list.name, list.entry)
  end
  list.entry[5] = true
end
-- Before records are written: it says in them what has to be looked at.
function lists.writeEnlisted()
  for _, list in ipairs(enlisted) do lists.write(list) end
end
`
