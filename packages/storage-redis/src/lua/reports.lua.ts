/** What workers tell, as store/reports.ts of core has it. */
export const REPORTS: string = `
local report = {}

report['return'] = function(told)
  local job, tasks, index = heldClaim(told.claim)
  if not job then return false end
  free(job, 1, false)
  local waitUntil = follow(job, tasks, index, told.next)
  if waitUntil then log(job, { 'returned', index, waitUntil, told.next.reasons or false }) end
  settle(job)
  return true
end

function report.progress(told)
  local live = liveOf(told.ref)
  if not live then return false end
  if live.unknown then
    if told.rank < live.rank then return false end
  elseif told.rank <= live.rank then
    return false
  end
  local job = jobOf(live.jobId)
  live.rank = told.rank
  live.state = told.state
  live.since = now
  local unknown = told.state == 'unknown'
  if live.unknown ~= unknown then
    live.unknown = unknown
    move(job, tasksOf(job), live.index, unknown and UNKNOWN or ACTIVE)
  end
  if told.memo then live.memo = told.memo end
  if told.callId then live.callId = told.callId end
  if told.checkAt ~= nil then live.checkAt = number(told.checkAt) end
  log(job, { 'progress', live.index, told.ref, told.state })
  return true
end

function report.doubt(told)
  local live = liveOf(told.ref)
  if not live or live.unknown then return false end
  local job = jobOf(live.jobId)
  live.unknown = true
  live.state = 'unknown'
  live.since = now
  if told.memo then live.memo = told.memo end
  move(job, tasksOf(job), live.index, UNKNOWN)
  live.checkAt = number(told.checkAt)
  log(job, { 'progress', live.index, told.ref, 'unknown' })
  return true
end

function report.close(told)
  local live = liveOf(told.ref)
  if not live then return false end
  local index, outcome = live.index, told.outcome
  local job = jobOf(live.jobId)
  local tasks = tasksOf(job)
  dropLive(live)
  free(job, 1, true)
  for _, held in ipairs(live.held) do
    holds.release(held, told.placed, told.spent)
    if held[3] == 'slots' then unpark(limitOf(held[1])) end
  end
  if outcome ~= '' then job.outcomes[outcome] = (job.outcomes[outcome] or 0) + 1 end
  if told.placed then job.placed = job.placed + 1 end
  addResult(tasks, index, told.result)
  local waitUntil = false
  if not job.sweep and not told.next.terminal then waitUntil = max(number(told.next.waitUntil), now) end
  log(job, { 'closed', index, live.ref, told.placed, outcome, told.result, waitUntil })
  follow(job, tasks, index, told.next)
  settle(job)
  return true
end

function report.note(told)
  local parts = parseRef(told.ref)
  local job = parts and jobOf(parts.jobId)
  if not job or parts.index >= job.counts.total then return false end
  local tasks = tasksOf(job)
  if not noteOnce(tasks, told.ref .. '#' .. told.id) then return false end
  for _, hold in ipairs(told.spent or {}) do
    local state = limitOf(hold.key)
    state.spent = state.spent + hold.n
  end
  if told.amend then setResult(tasks, parts.index, told.amend.position, told.amend.result) end
  log(job, { 'note', parts.index, told.ref, told.id, told.data })
  return true
end

function report.adopt(told)
  local parts = parseRef(told.ref)
  local job = parts and jobOf(parts.jobId)
  if not job or parts.index >= job.counts.total then return false end
  local index, attempt = parts.index, parts.attempt
  local tasks = tasksOf(job)
  local place = placeOf(tasks, index)
  local waits = (place == FRESH or place == DEFERRED) and not job.sweep
  if (not waits and place ~= CLAIMED) or attempt <= attemptsOf(tasks, index) then return false end
  if place == CLAIMED then free(job, 1, false) end
  for _, passed in ipairs(gatesOf(job)) do
    passed.slots.used = passed.slots.used + 1
    passed.slots.live = passed.slots.live + 1
  end
  setAttempts(tasks, index, attempt)
  move(job, tasks, index, UNKNOWN)
  job.fenced = job.fenced + 1
  addLive({
    ref = told.ref, jobId = job.id, index = index, attempt = attempt, rank = told.rank, state = 'unknown',
    unknown = true, choice = -1, fencedAt = now, startBy = now, checkAt = number(told.checkAt), since = now,
    memo = told.memo, held = {},
  })
  log(job, { 'progress', index, told.ref, 'unknown' })
  return true
end
`
