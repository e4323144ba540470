/** The dial instant, as store/fences.ts of core has it. */
export const FENCES: string = `
-- A start is granted at most this far ahead, and used within this time or never.
local START_AHEAD, START_WITHIN = 50, 2000

local function refuse(refused, reason, upTo)
  refused.reasons[#refused.reasons + 1] = reason
  if upTo > refused.retryAt then refused.retryAt = upTo end
end

-- When the call may start by every gate of its job.
local function paced(job, refused)
  local startAt = now
  for _, passed in ipairs(gatesOf(job)) do
    local slots, rate = passed.slots, passed.rate
    -- A limit that was lowered since the claim lets the live calls drain before it lets another start.
    if slots.kind == 'slots' and slots.live >= slots.a then refuse(refused, passed.gate.slots, now + 1000) end
    if rate.kind == 'rate' then
      local at = gcra.startTime(rate, 1)
      if at > now + START_AHEAD then
        refuse(refused, passed.gate.rate, at - START_AHEAD)
      elseif at > startAt then
        startAt = at
      end
    end
  end
  return startAt
end

-- Adds what refuses these holds, each on top of those before it.
local function admits(wanted, before, startAt, refused)
  for i, hold in ipairs(wanted) do
    local n = hold.n
    for _, other in ipairs(before) do
      if other.key == hold.key then n = n + other.n end
    end
    for j = 1, i - 1 do
      if wanted[j].key == hold.key then n = n + wanted[j].n end
    end
    local again = holds.refusal(hold, n, startAt)
    if again then refuse(refused, hold.limit or hold.key, again) end
  end
end

-- The first alternative that is admitted; -1 if none was asked for, and refusals of all of them if none is.
local function choose(request, startAt, refused)
  if #request.anyOf == 0 then return -1 end
  local soonest, reasons = INF, {}
  for i, wanted in ipairs(request.anyOf) do
    local tried = { reasons = {}, retryAt = now }
    admits(wanted, request.all, startAt, tried)
    if #tried.reasons == 0 then return i - 1 end
    for _, reason in ipairs(tried.reasons) do reasons[#reasons + 1] = reason end
    soonest = min(soonest, tried.retryAt)
  end
  for _, reason in ipairs(reasons) do refuse(refused, reason, soonest) end
  return -1
end

-- Fences a claim. A refusal names every reason and takes nothing.
local function fence(request)
  local job, tasks, index = heldClaim(request.claim)
  if not job then return { 'gone' } end
  local refused = { reasons = {}, retryAt = now }
  if not job.phase.dialable then refuse(refused, job.phase.state, INF) end
  local startAt = paced(job, refused)
  local upTo = min(number(request['until']), job.timers.expiry and job.timers.expiry.at or INF)
  if startAt >= upTo then refuse(refused, 'until', INF) end
  local lane = lanes.laneOf(job, laneNumber(tasks, index))
  local closes = lanes.closesAt(lane, startAt)
  if not closes then refuse(refused, 'lane', lanes.opensAt(lane, startAt)) end
  for _, absent in ipairs(request.absent) do
    local entry = get(listShelf, absent.list)
    if entry then
      local asOf, maxAgeMs = entry[1] or 0, entry[2]
      if maxAgeMs and now - asOf > maxAgeMs then
        refuse(refused, 'list_stale:' .. absent.list, now + 60000)
      elseif call('SISMEMBER', base .. 'list:' .. absent.list, absent.member) == 1 then
        refuse(refused, 'list:' .. absent.list, INF)
      end
    end
  end
  admits(request.all, {}, startAt, refused)
  local choice = choose(request, startAt, refused)
  if #refused.reasons > 0 then
    log(job, { 'refused', index, refused.reasons, refused.retryAt })
    return { 'refused', refused.reasons, refused.retryAt }
  end

  for _, passed in ipairs(gatesOf(job)) do
    passed.slots.live = passed.slots.live + 1
    if passed.rate.kind == 'rate' then passed.rate.tat = gcra.afterStart(passed.rate, startAt) end
  end
  local held = {}
  for _, hold in ipairs(request.all) do held[#held + 1] = holds.take(hold, startAt) end
  if choice >= 0 then
    for _, hold in ipairs(request.anyOf[choice + 1]) do held[#held + 1] = holds.take(hold, startAt) end
  end

  local attempt = attemptsOf(tasks, index) + 1
  local ref = formatRef(job.id, index, attempt, given.nonce)
  local startBy = min(startAt + START_WITHIN, upTo, closes)
  setAttempts(tasks, index, attempt)
  move(job, tasks, index, ACTIVE)
  job.fenced = job.fenced + 1
  addLive({
    ref = ref, jobId = job.id, index = index, attempt = attempt, rank = 0, state = 'fenced', unknown = false,
    choice = choice, fencedAt = now, startBy = startBy, checkAt = startBy + number(request.checkAfter), since = now,
    memo = request.memo, held = held,
  })
  log(job, { 'fenced', index, ref, choice, startAt, request.memo })
  return { 'fenced', ref, attempt, choice, startAt, startBy }
end
`
