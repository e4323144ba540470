/** Limits and suppression lists set apart from jobs. */
export const SETTINGS: string = `
local function there(key)
  return call('EXISTS', key) == 1
end

-- Puts members on a list: texts, or { member, until, reason }.
local function addMembers(list, given)
  local plain, names = not list.entry[3] and not list.entry[4], {}
  for i, one in ipairs(given) do
    plain = plain and type(one) == 'string'
    names[i] = type(one) == 'string' and one or one.member
  end
  if #names == 0 then return end
  if plain then
    call('SADD', list.keys.forGood, unpack(names))
    return
  end
  lists.read(list, names)
  for i, name in ipairs(names) do
    local one = given[i]
    if type(one) == 'string' then lists.put(list, name, INF) else lists.put(list, name, number(one['until']), one.reason) end
  end
  lists.write(list)
end

local function removeMembers(keys, members)
  if #members == 0 then return end
  call('SREM', keys.forGood, unpack(members))
  call('ZREM', keys.ends, unpack(members))
  call('HDEL', keys.reasons, unpack(members))
end

-- Those of them who are not on another list now.
local function notOn(name, members)
  local list, left = lists.of(name), {}
  lists.read(list, members)
  for _, member in ipairs(members) do
    local till = list.known[member]
    if not till or till <= now then left[#left + 1] = member end
  end
  return left
end

-- Has what was put together aside be the list.
local function takePlace(from, keys)
  for what, key in pairs(keys) do
    call('UNLINK', key)
    if there(from[what]) then
      call('PERSIST', from[what])
      call('RENAME', from[what], key)
    end
  end
end

-- Writes the record of a list as it is now. It cannot say why people have an end when nobody has one.
local function writeList(name, keys, asOf, maxAgeMs, byReports, why)
  local ends = there(keys.ends)
  put(listShelf, name, { asOf, maxAgeMs, ends, there(keys.reasons), byReports, there(keys.forGood), ends and why })
end

-- A long edit comes in parts. If it begins by emptying the list, they are put together aside, and take its place with the
-- last. Which parts have come is noted: a server that crashed may have forgotten some, and one may come twice.
local LEFT = 3600000
function methods.setList()
  local name, edit, id = args.list, args.edit, args.id
  local stored = get(listShelf, name) or { false, false, false, false, false, false, false }
  local keys, into = keysOfList(name), keysOfList(name)
  local parts = id and base .. 'edit:' .. id
  if id then
    local size = string.match(call('GET', parts) or '', '^done (%d+)$')
    if size then return tonumber(size) end
    if args.aside then into = { forGood = base .. 'aside:' .. id, ends = base .. 'aside:until:' .. id, reasons = base .. 'aside:why:' .. id } end
    if not args.more and call('BITCOUNT', parts) < args.part then return false end
  end
  if edit.clear then
    if not args.aside then
      call('UNLINK', keys.forGood, keys.ends, keys.reasons)
      stored[7] = false
    end
    stored[5] = false
  end
  local why = not args.aside and stored[7]
  local list = lists.at(into, { false, false, there(into.ends), there(into.reasons), false, there(into.forGood), why })
  addMembers(list, edit.add or {})
  local remove = edit.remove or {}
  if edit.unlessOn then remove = notOn(edit.unlessOn, remove) end
  removeMembers(into, remove)
  if args.more then
    call('SETBIT', parts, args.part, 1)
    call('PEXPIRE', parts, LEFT)
    -- Whoever began it may never end it.
    if args.aside then
      for _, key in pairs(into) do call('PEXPIRE', key, LEFT) end
    else
      writeList(name, keys, stored[1], stored[2], stored[5], stored[7])
    end
    return 0
  end
  if args.aside then
    takePlace(into, keys)
    -- Who was put together aside has their own reason, if any.
    stored[7] = false
  end
  local maxAgeMs = stored[2]
  if edit.maxAgeMs then maxAgeMs = edit.maxAgeMs ~= NULL and edit.maxAgeMs end
  writeList(name, keys, edit.asOf or stored[1], maxAgeMs, stored[5], stored[7])
  local size = call('SCARD', keys.forGood) + call('ZCARD', keys.ends)
  if id then call('SET', parts, 'done ' .. digits(size), 'PX', LEFT) end
  return size
end

-- Until when members are on a list, and why: what is true for good is told as true, what is not there as false.
local function listedRows(list, members)
  local rows, whys = {}, {}
  if list.entry and list.entry[4] and #members > 0 then whys = call('HMGET', list.keys.reasons, unpack(members)) end
  for i, member in ipairs(members) do
    local till = list.known[member]
    rows[i] = till and till > now and { member, till == INF or till, lists.reasonOf(list, till, whys[i]) } or false
  end
  return rows
end

function methods.getList()
  local list = lists.of(args.list)
  local entry = list.entry
  lists.read(list, args.members)
  local size = entry and call('SCARD', list.keys.forGood) + call('ZCARD', list.keys.ends) or 0
  return {
    size, entry and entry[1] or false, entry and entry[2] or false, listedRows(list, args.members),
    entry and entry[5] or false,
  }
end

-- Those with an end first: whoever gets on for good meanwhile is still there when those for good have their turn.
function methods.scanList()
  local list = lists.of(args.list)
  if not list.entry then return { {}, false } end
  local rows, members = {}, {}
  local command, key = 'ZSCAN', list.keys.ends
  if args.forGood then command, key = 'SSCAN', list.keys.forGood end
  local told = call(command, key, args.from, 'COUNT', args.count)
  for i = 1, #told[2], args.forGood and 1 or 2 do
    members[#members + 1] = told[2][i]
    list.known[told[2][i]] = args.forGood and INF or tonumber(told[2][i + 1])
  end
  for i = 1, #members, AT_ONCE do
    for _, row in ipairs(listedRows(list, { unpack(members, i, min(i + AT_ONCE - 1, #members)) })) do
      if row then rows[#rows + 1] = row end
    end
  end
  return { rows, told[1] ~= '0' and told[1] }
end

function methods.usage()
  local rows = {}
  for i, hold in ipairs(args.holds) do
    local state = limitOf(hold.limit or hold.key)
    local count = state.kind == 'money' and limitOf(hold.key) or state
    rows[i] = { state.kind, state.a, state.b, state.revision, count.used, count.spent, holds.usage(hold.key, state) }
  end
  return rows
end

function methods.setLimits()
  for _, limit in ipairs(args.limits) do setLimit(limit) end
  return nil
end
`
