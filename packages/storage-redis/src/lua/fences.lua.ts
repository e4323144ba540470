/** The dial instant, as store/fences.ts of core has it. */
export const FENCES: string = `
-- A start is granted at most this far ahead, and used within this time or never.
local START_AHEAD, START_WITHIN = 50, 2000

-- "last" is what was answered last: most fences of an exchange are answered alike.

-- Who refuses, and until when. Nobody does most of the time, and then it can be used again.
local spare, fencedTexts, last
anew(function() spare, fencedTexts, last = {}, {}, {} end)
local function refusals(which)
  local refused = spare[which]
  if not refused or #refused.reasons > 0 then
    refused = { reasons = {}, retryAt = now }
    spare[which] = refused
  end
  return refused
end
local function refuse(refused, reason, upTo)
  refused.reasons[#refused.reasons + 1] = reason
  if upTo > refused.retryAt then refused.retryAt = upTo end
end

-- When the call may start by every gate of its job.
local function paced(job, refused)
  local startAt = now
  local tight = gatesOf(job).tight
  for i = 1, #tight do
    local passed = tight[i]
    local slots, rate = passed.slots, passed.rate
    -- A limit that was lowered since the claim lets the live calls drain before it lets another start.
    if slots.kind == 'slots' and slots.live >= slots.a then refuse(refused, passed.gate.slots, now + 1000) end
    if slots.kind == 'closed' and slots.a > now then refuse(refused, passed.gate.slots, slots.a) end
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

-- Holds are two values each, wherever they stand: which it is, and how many.

-- How many are taken under a key by holds from here on, up to another.
local function takenOf(told, key, from, to)
  local taken = 0
  for at = from, to - 2, 2 do
    if asked.holds[told[at]].key == key then taken = taken + told[at + 1] end
  end
  return taken
end

-- Adds what refuses so many holds. If they have a key in common, each is on top of those before it, and of those in R.
local function admits(told, at, count, before, beforeCount, common, startAt, refused)
  local known = asked.holds
  for here = at, at + count * 2 - 2, 2 do
    local hold, n = known[told[here]], told[here + 1]
    if common then
      n = n + takenOf(R, hold.key, before, before + beforeCount * 2) + takenOf(told, hold.key, at, here)
    end
    local again = hold.kind ~= 'none' and holds.refusal(hold, n, startAt)
    if again then refuse(refused, hold.state.key, again) end
  end
end

local function takeHolds(told, at, count, startAt)
  for here = at, at + count * 2 - 2, 2 do
    local n = told[here + 1]
    if n ~= 0 then holds.take(asked.holds[told[here]], n, startAt) end
  end
end

-- The first alternative that is admitted, and its holds; -1 if none was asked for, and refusals of all of them if none is.
local function choose(at, all, allCount, common, startAt, refused)
  local choices = R[at]
  if choices == 0 then return -1 end
  local soonest, reasons = INF, {}
  for choice = 0, choices - 1 do
    local tried, group = refusals('tried'), asked.groups[R[at + 1 + choice]]
    admits(group, 1, #group / 2, all, allCount, common, startAt, tried)
    if #tried.reasons == 0 then return choice, group end
    for _, reason in ipairs(tried.reasons) do reasons[#reasons + 1] = reason end
    soonest = min(soonest, tried.retryAt)
  end
  for _, reason in ipairs(reasons) do refuse(refused, reason, soonest) end
  return -1
end

local function suppressed(at, startAt, refused)
  for i = 0, R[at] - 1 do
    local list = asked.lists[R[at + 1 + i * 2]]
    local entry = list.entry
    if entry then
      local asOf, maxAgeMs, till = entry[1] or 0, entry[2], list.known[list.members[R[at + 2 + i * 2]]]
      if maxAgeMs and now - asOf > maxAgeMs then
        refuse(refused, 'list_stale:' .. list.name, now + 60000)
      elseif till and till > startAt then
        refuse(refused, 'list:' .. list.name, till)
      end
    end
  end
end

-- Fences a claim. A refusal names every reason and takes nothing. What follows the first eight values are its holds, their
-- alternatives and the lists it must be absent from; a zero there says that there are none.
local function fence(at, answer)
  local job, index = asked.jobs[R[at]], R[at + 1]
  local guards, after = at + 8, R[at + 6]
  local n = #answer
  local tasks, text, block, position = heldClaim(job, index, R[at + 2])
  if not tasks then
    answer[n + 1] = 'gone'
    return after
  end
  local refused = refusals('refused')
  if job.outdated and R[at + 2] <= job.outdated then
    -- What was asked is not what would be asked now: nothing that it says counts.
    refuse(refused, 'changed', now)
    log(job, { 'refused', index, refused.reasons, refused.retryAt })
    answer[n + 1], answer[n + 2], answer[n + 3] = 'refused', refused.reasons, refused.retryAt
    return after
  end
  if not job.phase.dialable then refuse(refused, job.phase.state, INF) end
  local startAt = paced(job, refused)
  local upTo = R[at + 3]
  if job.timers.expiry and job.timers.expiry.at < upTo then upTo = job.timers.expiry.at end
  if startAt >= upTo then refuse(refused, 'until', INF) end
  local lane = lanes.laneOf(job, cells[text].lane)
  local closes = lanes.closesAt(lane, startAt)
  if not closes then refuse(refused, 'lane', lanes.opensAt(lane, startAt)) end
  local choice, chosen, counted, stamped, all, allCount = -1, nil, '', '', nil, nil
  if guards < after then
    local common = R[guards]
    all, allCount = guards + 2, R[guards + 1]
    local absent = all + allCount * 2
    suppressed(absent, startAt, refused)
    admits(R, all, allCount, 0, 0, common, startAt, refused)
    choice, chosen = choose(absent + 1 + R[absent] * 2, all, allCount, common, startAt, refused)
  end
  if #refused.reasons > 0 then
    log(job, { 'refused', index, refused.reasons, refused.retryAt })
    answer[n + 1], answer[n + 2], answer[n + 3] = 'refused', refused.reasons, refused.retryAt
    return after
  end

  local gates = gatesOf(job)
  local tight = gates.tight
  for i = 1, #tight do
    local passed = tight[i]
    passed.slots.live = passed.slots.live + 1
    if passed.rate.kind == 'rate' then passed.rate.tat = gcra.afterStart(passed.rate, startAt) end
  end
  gates.fenced = gates.fenced + 1
  if guards < after then
    holds.begin(startAt)
    takeHolds(R, all, allCount, startAt)
    if chosen then takeHolds(chosen, 1, #chosen / 2, startAt) end
    counted, stamped = holds.taken()
  end

  local attempt = cells[text].attempts + 1
  local startBy = min(startAt + START_WITHIN, upTo, closes)
  if attempt < MOST_ATTEMPTS then
    writeCell(tasks, turned(fencedTexts, text, ACTIVE, attempt), block, position)
    local counts = job.counts
    counts.claimed, counts.active = counts.claimed - 1, counts.active + 1
  else
    attempt = attemptsOf(tasks, index) + 1
    setAttempts(tasks, index, attempt)
    move(job, tasks, index, ACTIVE)
  end
  job.fenced = job.fenced + 1
  local checkAt, memo = startBy + R[at + 4], R[at + 5]
  local alike = last.attempt == attempt and last.startAt == startAt and last.startBy == startBy
  local changed = not alike or last.checkAt ~= checkAt
  if changed then
    last.tail = digits(attempt) .. ':' .. given.nonce
    last.head = makeHead(last.tail, attempt, 0, 'fenced', false, now, startBy, checkAt)
    last.byMemo = {}
  end
  local made = last.byMemo[memo]
  if not made or made.choice ~= choice or made.counted ~= counted then
    local text = liveText(last.head.text, restText(memo, choice, counted), NO_CALL_ID)
    made = { choice = choice, counted = counted, text = text }
    last.byMemo[memo] = made
  end
  writeLive(R[at + 7], job.id, index, made.text .. stamped, checkAt)
  logFenced(job, index, choice, last.tail, startAt, memo)
  if alike and last.choice == choice then
    answer[n + 1] = 0
  else
    answer[n + 1], answer[n + 2], answer[n + 3], answer[n + 4], answer[n + 5] = 1, attempt, choice, startAt, startBy
  end
  last.attempt, last.startAt, last.startBy, last.checkAt = attempt, startAt, startBy, checkAt
  last.choice = choice
  return after
end
`
