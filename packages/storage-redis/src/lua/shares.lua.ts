/** What a shard has of limits that concern several shards. */
export const SHARES: string = `
-- The time of the next start where the pace is not: somewhere else.
local ELSEWHERE = 8e15
local shareShelf = shelf('shares')
local op = {}

-- A share: the slots that this shard has (they may be owed: less than none), whether it has the pace, and all it ever gave
-- to others and got from them, by shard. Closed: nothing new is claimed or fenced before the shards have settled.
local function apply(share, state)
  if share.what == 'slots' and state.kind == 'slots' then state.a = share.closed and 0 or share.slots end
  if share.what == 'rate' and state.kind == 'rate' and not share.pace then state.tat = ELSEWHERE end
end

local function save(key, share, state)
  apply(share, state)
  put(shareShelf, key, share)
end

local function show(key)
  local share, state = get(shareShelf, key), limitOf(key)
  return {
    key = key, what = share.what, kind = state.kind, revision = state.revision, total = share.total, rate = state.a,
    burst = state.b, slots = share.slots, used = state.used, closed = share.closed, pace = share.pace, sent = share.sent,
    got = share.got, ['until'] = state.kind == 'closed' and state.a or nil,
  }
end

-- Makes limits of a route shared. The first shard has all of them before they move.
function op.enter()
  for _, gate in ipairs(args.gates) do
    for _, what in ipairs({ 'slots', 'rate' }) do
      local key = gate[what]
      afterwards({ 'SADD', base .. 'shared:' .. args.route, key })
      if not get(shareShelf, key) then
        local state = limitOf(key)
        local share = { what = what, slots = 0, total = 0, closed = false, pace = args.first, sent = {}, got = {} }
        if state.kind == 'slots' then
          share.total = state.a
          if args.first then share.slots = state.a end
        end
        save(key, share, state)
      end
    end
  end
end

-- Sets limits; those that are shared are closed by it. Answers which are.
function op.set()
  local closed = {}
  for _, limit in ipairs(args.limits) do
    local share = get(shareShelf, limit.key)
    local state = limitOf(limit.key)
    if not share then
      setLimit(limit)
    else
      if limit.revision > state.revision then
        setLimit(limit)
        if state.kind == 'slots' and share.what == 'slots' then
          if args.first then share.slots = share.slots + limit.slots - share.total end
          share.total, share.closed = limit.slots, true
        end
        save(limit.key, share, state)
      end
      if share.closed then closed[#closed + 1] = limit.key end
    end
  end
  return closed
end

function op.show()
  local shown = {}
  if args.key then
    if get(shareShelf, args.key) then shown[1] = show(args.key) end
    return shown
  end
  for _, key in ipairs(args.keys or {}) do
    if get(shareShelf, key) then shown[#shown + 1] = show(key) end
  end
  local seen = {}
  for _, route in ipairs(args.routes or {}) do
    for _, key in ipairs(call('SMEMBERS', base .. 'shared:' .. route)) do
      if not seen[key] and limitOf(key).kind ~= 'none' then shown[#shown + 1] = show(key) end
      seen[key] = true
    end
  end
  return shown
end

-- What the organizations weigh that have something to claim on each of these routes, as far as is known without looking.
function op.weigh()
  local sums = {}
  for i, route in ipairs(args.routes) do
    local sum = 0
    for _, id in ipairs(call('ZRANGE', base .. 'turns:' .. route, 0, 999)) do sum = sum + organizationOf(route, id).weight end
    sums[i] = sum
  end
  return sums
end

-- Does what is due by the clock.
function op.tick()
  tick()
end

-- Gives to another shard what this one does not use, or as much as is asked for though it is owed then. Answers all that
-- was ever given to it.
function op.cede()
  local share, state = get(shareShelf, args.key), limitOf(args.key)
  if not share then return nil end
  local given = 0
  if share.what == 'slots' then
    given = args.owed and args.most or max(0, min(args.most, share.slots - state.used))
    share.slots = share.slots - given
    -- Whoever went without is told when a slot is free here.
    if given < args.most then
      for _, route in ipairs(args.routes) do park(state, 'r\\n' .. route) end
    end
  elseif share.pace then
    given = 1
    share.pace, share.tat, share.rate = false, state.tat, state.a
  end
  share.sent[args.to] = (share.sent[args.to] or 0) + given
  save(args.key, share, state)
  return { sent = share.sent[args.to], tat = share.tat or 0, rate = share.rate or 0 }
end

-- Takes what another shard has given, once. Answers what this one has then.
function op.accept()
  local share, state = get(shareShelf, args.key), limitOf(args.key)
  local news = args.sent - (share.got[args.from] or 0)
  if news <= 0 then return show(args.key) end
  share.got[args.from] = args.sent
  if share.what == 'slots' then
    share.slots = share.slots + news
  else
    share.pace = true
    if state.kind == 'rate' then
      state.tat = args.tat
      if args.rate > 0 and args.rate ~= state.a then state.tat = gcra.repaced(args.rate, state.a, args.tat) end
    end
  end
  save(args.key, share, state)
  unpark(state)
  return show(args.key)
end

-- Opens a limit again, if it is still the one that was settled.
function op.open()
  local share, state = get(shareShelf, args.key), limitOf(args.key)
  if not share.closed or state.revision ~= args.revision then return nil end
  share.closed = false
  save(args.key, share, state)
  unpark(state)
end

function methods.share()
  return op[args.op]()
end
`
