/** What a claim has to pass, as store/gates.ts of core has it. */
export const GATES: string = `
-- Claims are made for the starts of the next second.
local CLAIMS_AHEAD = 1000
local WAKERS = { job = jobWaker, organization = organizationWaker, route = routeWaker }

-- How many claims every gate of a job admits, at most so many; or which one admits none, and until when.
local function admitted(job, most)
  local n = most
  for _, passed in ipairs(gatesOf(job).tight) do
    local slots, rate = passed.slots, passed.rate
    if slots.kind == 'closed' and slots.a > now then return 0, passed, slots.a end
    if slots.kind == 'slots' then
      local room = slots.a - slots.used
      if room <= 0 then return 0, passed, INF end
      if room < n then n = room end
    end
    if rate.kind == 'rate' then
      local claimed = slots.used - slots.live
      local room = gcra.startsUntil(rate, now + CLAIMS_AHEAD) - claimed
      if room <= 0 then
        local at = gcra.startTime(rate, claimed + 1) - CLAIMS_AHEAD
        return 0, passed, max(now + 1, at)
      end
      if room < n then n = room end
    end
  end
  return n
end

-- Holds a slot of every gate for each claim.
local function reserve(job, n)
  for _, passed in ipairs(gatesOf(job).all) do passed.slots.used = passed.slots.used + n end
end

-- Gives slots back, and wakes whoever was waiting for them.
local function free(job, n, live)
  local gates = gatesOf(job)
  local tight = gates.tight
  for i = 1, #tight do
    local slots = tight[i].slots
    slots.used = slots.used - n
    if live then slots.live = slots.live - n end
    if slots.kind ~= 'slots' or slots.used < slots.a then unpark(slots) end
  end
  gates.freed = gates.freed + n
  if live then gates.fenced = gates.fenced - n end
end

-- Counts what happened at gates that limit nothing.
local function countFree()
  for i = 1, #countedGates do
    local gates = countedGates[i]
    if gates.freed ~= 0 or gates.fenced ~= 0 then
      local freed, fenced = gates.freed, gates.fenced
      gates.freed, gates.fenced = 0, 0
      for _, slots in ipairs(gates.free) do
        slots.used = slots.used - freed
        slots.live = slots.live + fenced
        if freed > 0 then unpark(slots) end
      end
    end
  end
end

-- Takes whoever a gate blocks out of the order: until the time, and until the limit has room or is changed.
local function setAside(job, passed, upTo)
  local gate = passed.gate
  local waker = WAKERS[gate.blocks](job)
  if gate.blocks == 'job' then unready(job) end
  if gate.blocks == 'organization' then setOrganizationAside(job) end
  park(passed.slots, waker)
  park(passed.rate, waker)
  if upTo < INF then wakeAt(waker, upTo) end
end

-- Sets a limit, unless the stored one is as new.
local function setLimit(limit)
  local state = limitOf(limit.key)
  if limit.revision <= state.revision then return end
  local wasRate = state.kind == 'rate' and state.a or nil
  state.revision = limit.revision
  state.a, state.b = 0, 0
  if limit.slots then state.kind, state.a = 'slots', limit.slots
  elseif limit.rate then state.kind, state.a, state.b = 'rate', limit.rate, limit.burst
  elseif limit.cap then state.kind, state.a, state.b = 'cap', limit.cap, limit.windowMs
  elseif limit.money then state.kind, state.a = 'money', limit.money
  elseif limit.closedUntil then state.kind, state.a = 'closed', number(limit.closedUntil)
  else state.kind = 'none' end
  if state.kind == 'rate' then state.tat = gcra.repaced(wasRate, state.a, state.tat) end
  unpark(state)
end
`
