/** What workers tell, as store/reports.ts of core has it. */
export const REPORTS: string = `
-- Reports are read where they stand in what was asked: each takes its position, and answers whether it changed anything
-- and where the next one stands.
local report = {}

-- The live attempt of a name of the exchange, if its ref goes on so.
local function heldLive(number, tail)
  local one = live.named[asked.names[number]]
  if one and one.head.tail == tail then return one end
  return nil
end

-- Results of a job that came with this exchange are one parcel. Its number: from 1.
local parcels, unused
anew(function() parcels, unused = {}, {} end)
local function parcelOf(job)
  local number = parcels[job.id]
  if not number then
    job.parcels = job.parcels + 1
    number = job.parcels
    parcels[job.id] = number
  end
  return number
end

-- Writes the parcels of which something is used, and notes what else is in them: it may have to be found and removed.
local function writeParcels()
  for i = 1, #asked.parcels do
    local job = asked.jobs[asked.parcels[i]]
    local number = job and parcels[job.id]
    if number then
      call('RPUSH', base .. 'o:' .. job.id, ARGV[4 + i])
      if unused[job.id] then call('HSET', base .. 'x:' .. job.id, digits(number), pack(unused[job.id])) end
    end
  end
end
local function notUsed(number)
  local job = asked.jobs[asked.nameJobs[number]]
  if not job then return end
  unused[job.id] = unused[job.id] or {}
  table.insert(unused[job.id], asked.nameIndexes[number])
end

report['return'] = function(at)
  local job, index = asked.jobs[R[at]], R[at + 1]
  local tasks = heldClaim(job, index, R[at + 2])
  if not tasks then return false, at + 7 end
  free(job, 1, false)
  local waitUntil = follow(job, tasks, index, nextAt(at + 3))
  if waitUntil then log(job, { 'returned', index, waitUntil, not R[at + 3] and R[at + 4] }) end
  settle(job)
  return true, at + 7
end

function report.progress(at)
  local one, rank, state = heldLive(R[at], R[at + 1]), R[at + 2], R[at + 3]
  local head = one and one.head
  if not head or (head.unknown and rank < head.rank) or (not head.unknown and rank <= head.rank) then
    return false, at + 7
  end
  local job = jobOf(one.jobId)
  local unknown = state == 'unknown'
  if head.unknown ~= unknown then move(job, tasksOf(job), one.index, unknown and UNKNOWN or ACTIVE) end
  local memo, callId = R[at + 4], R[at + 5]
  if callId then one.callId = callId end
  local after = live.gotOn(head, rank, state, unknown, R[at + 6] or head.checkAt)
  changeLive(one, after, memo and changedRest(one.rest, memo))
  logs.gotOn(job, one.index, head.tail, state)
  return true, at + 7
end

function report.doubt(at)
  local one = heldLive(R[at], R[at + 1])
  local head = one and one.head
  if not head or head.unknown then return false, at + 4 end
  local job = jobOf(one.jobId)
  local memo, rest = R[at + 2], one.rest
  changeLive(one, live.gotOn(head, head.rank, 'unknown', true, R[at + 3]), memo and changedRest(rest, memo))
  move(job, tasksOf(job), one.index, UNKNOWN)
  logs.gotOn(job, one.index, head.tail, 'unknown')
  return true, at + 4
end

-- What the end of an attempt gives back and counts.
local function close(job, one, placed, outcome, spentMoney)
  dropLive(one)
  free(job, 1, true)
  holds.release(one, placed, spentMoney, unpark)
  if outcome ~= '' then job.outcomes[outcome] = (job.outcomes[outcome] or 0) + 1 end
  if placed then job.placed = job.placed + 1 end
end

-- An attempt that is over, and its task with it: what is usual, told in short.
function report.over(at)
  local one, tail = heldLive(R[at], R[at + 1]), R[at + 1]
  if not one or one.rest.notes then
    notUsed(R[at])
    return false, at + 4
  end
  local shape, index, job = asked.shapes[R[at + 2]], one.index, jobOf(one.jobId)
  local placed, outcome, terminal, reason = shape[1], shape[2], shape[3], shape[4]
  close(job, one, placed, outcome, R[at + 3])
  local tasks, parcel = tasksOf(job), parcelOf(job)
  logEnded(job, index, tail, parcel, placed, outcome, terminal, reason)
  if parcel > MOST_PARCELS then
    addResult(tasks, index, parcel)
    parcel = 0
  end
  countEnd(job, tasks, index, terminal, reason, parcel)
  settle(job)
  return true, at + 4
end

function report.close(at)
  local one, tail, result = heldLive(R[at], R[at + 1]), R[at + 1], R[at + 4]
  if not one or (one.rest.notes or 0) > R[at + 10] then
    if not result then notUsed(R[at]) end
    return false, at + 11
  end
  local placed, outcome, index, job = R[at + 2], R[at + 3], one.index, jobOf(one.jobId)
  local tasks, nextStep = tasksOf(job), nextAt(at + 5)
  close(job, one, placed, outcome, R[at + 9])
  result = result or parcelOf(job)
  addResult(tasks, index, result)
  local waitUntil = false
  if not job.sweep and not nextStep.terminal then waitUntil = max(nextStep.waitUntil, now) end
  log(job, { 'closed', index, tail, placed, outcome, result, waitUntil })
  follow(job, tasks, index, nextStep)
  settle(job)
  return true, at + 11
end

function report.note(at)
  local told = R[at]
  local parts = parseRef(told.ref)
  local job = parts and jobOf(parts.jobId)
  if not job or parts.index >= job.counts.total then return false, at + 1 end
  local one = told.memo and liveOf(told.ref)
  if told.memo and not one then return false, at + 1 end
  local tasks = tasksOf(job)
  if not noteOnce(job, told) then return false, at + 1 end
  for _, hold in ipairs(told.spent or {}) do
    local state = limitOf(hold.key)
    state.spent = state.spent + hold.n
  end
  if told.amend then setResult(tasks, parts.index, told.amend.position, told.amend.result) end
  if one then
    local rest = one.rest
    changeLive(one, nil, changedRest(rest, told.memo, (rest.notes or 0) + 1))
  end
  log(job, { 'note', parts.index, sub(told.ref, #taskName(job.id, parts.index) + 2), told.id, told.data })
  return true, at + 1
end

function report.adopt(at)
  local told = R[at]
  local parts = parseRef(told.ref)
  local job = parts and jobOf(parts.jobId)
  if not job or parts.index >= job.counts.total then return false, at + 1 end
  local index, attempt = parts.index, parts.attempt
  local tasks = tasksOf(job)
  local place = placeOf(tasks, index)
  local waits = (place == FRESH or place == DEFERRED) and not job.sweep
  if (not waits and place ~= CLAIMED) or attempt <= attemptsOf(tasks, index) then return false, at + 1 end
  if place == CLAIMED then free(job, 1, false) end
  for _, passed in ipairs(gatesOf(job).all) do
    passed.slots.used = passed.slots.used + 1
    passed.slots.live = passed.slots.live + 1
  end
  setAttempts(tasks, index, attempt)
  move(job, tasks, index, UNKNOWN)
  job.fenced = job.fenced + 1
  local tail = sub(told.ref, #taskName(job.id, index) + 2)
  addLive(
    job.id, index, makeHead(tail, attempt, told.rank, 'unknown', true, now, now, number(told.checkAt)),
    restOf(restText(told.memo, -1, ''))
  )
  logs.gotOn(job, index, tail, 'unknown')
  return true, at + 1
end
`
