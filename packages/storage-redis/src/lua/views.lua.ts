/** What can be looked at, as store/views.ts and store/recount.ts of core have it. */
export const VIEWS: string = `
local function visible(jobId)
  local job = jobOf(jobId)
  if job and job.sealed > 0 then return job end
  return nil
end
local function knownJob()
  local job = visible(args.jobId)
  if not job then fail('job_not_found', { jobId = args.jobId }) end
  return job
end

-- Where a task is for the outside: in a swept job nothing waits any more, whatever its cell still says.
local function shownPlace(job, tasks, index)
  local place = placeOf(tasks, index)
  if job.sweep and (place == FRESH or place == DEFERRED) then return CODES[job.sweep.terminal], true end
  return place, false
end

local function taskView(job, index)
  local tasks = tasksOf(job)
  local place, swept = shownPlace(job, tasks, index)
  local reason = false
  if swept then reason = job.sweep.reason elseif place >= ENDED then reason = reasonOf(tasks, index) or false end
  local one = (place == ACTIVE or place == UNKNOWN) and liveAt(job.id, index)
  local block, position = payloadAt(tasks, index)
  return {
    index, PLACES[place], attemptsOf(tasks, index), laneNumber(tasks, index), resultsOf(tasks, index),
    block or false, position or false, memoOf(tasks, index) or false, reason, one and refOf(one) or false,
    place == DEFERRED and waitUntilOf(tasks, index) or false,
  }
end

local function liveView(one)
  local job = jobOf(one.jobId)
  local block, position = payloadAt(tasksOf(job), one.index)
  local head, rest = one.head, one.rest
  return {
    job.revision, block or false, position or false, job.id, one.index, refOf(one), head.attempt, head.rank, head.state,
    head.unknown, rest.choice, head.fencedAt, head.startBy, head.checkAt, live.callIdOf(one), head.since, rest.memo,
    rest.notes or false,
  }
end

function methods.load()
  local found = {}
  for i, ref in ipairs(args.refs) do
    local one = liveOf(ref)
    found[i] = one and liveView(one) or false
  end
  return found
end

function methods.overdue()
  local found = {}
  for i, one in ipairs(overdueLives(args.routes, args.max, args.snooze)) do found[i] = liveView(one) end
  return found
end

function methods.getJob()
  local job = visible(args.jobId)
  return job and jobView(job)
end

-- Jobs in the order they were made in, from an ordinal; looks at a page of them, and says where to go on.
function methods.listJobs()
  local key = base .. 'order' .. (args.organization and ':' .. args.organization or '')
  local page = call('ZRANGEBYSCORE', key, args.from, '+inf', 'WITHSCORES', 'LIMIT', 0, args.page)
  local states
  for _, state in ipairs(args.states or {}) do
    states = states or {}
    states[state] = true
  end
  if args.states and not states then states = {} end
  local items = {}
  local ids = {}
  for i = 1, #page, 2 do ids[#ids + 1] = page[i] end
  expect(jobShelf, ids)
  expect(countsShelf, ids)
  for i = 1, #page, 2 do
    local job = visible(page[i])
    if job and (not states or states[job.phase.state]) then
      if #items == args.max then return { items, page[i + 1] } end
      items[#items + 1] = jobView(job)
    end
  end
  local last = tonumber(page[#page])
  return { items, #page == args.page * 2 and digits(last + 1) or false, true }
end

function methods.getTask()
  local job = visible(args.jobId)
  if not job or args.index >= job.counts.total then return nil end
  return taskView(job, args.index)
end

-- Tasks from an index on; looks at so many of them, and says where to go on.
function methods.scanTasks()
  local job = knownJob()
  local tasks = tasksOf(job)
  local wanted
  if args.places then
    wanted = {}
    for _, place in ipairs(args.places) do wanted[CODES[place]] = true end
  end
  local items = {}
  local last = min(job.counts.total, args.from + args.page) - 1
  for index = args.from, last do
    if not wanted or wanted[shownPlace(job, tasks, index)] then
      if #items == args.max then return { items, index } end
      items[#items + 1] = taskView(job, index)
    end
  end
  return { items, last + 1 < job.counts.total and last + 1 or false, true }
end

function methods.findTask()
  local job = knownJob()
  local index = dedup.find(job, args.key)
  return index and index < job.counts.total and index or nil
end

-- Entries of the log from an event on, for so many events at least.
function methods.events()
  local job = knownJob()
  if args.after + 1 < job.logged then return { job.logged, job.lastEvent, jobView(job) } end
  local key, entries = logs.key(job), {}
  if args.max > 0 and args.after < job.lastEvent then
    local position = logs.find(key, call('LLEN', key), args.after + 1)
    local left = args.max
    while left > 0 do
      local texts = call('LRANGE', key, position, position + 15)
      for i = 1, #texts do
        local entry = unpackRecord(texts[i])
        -- The first may begin before what was asked for.
        if #entries > 0 and entry[1] > args.after + args.max then return { entries, job.lastEvent } end
        entries[#entries + 1] = entry
      end
      if #texts < 16 or #entries > 64 then break end
      position = position + 16
    end
  end
  return { entries, job.lastEvent }
end

-- Counts a slice of a job from its tasks and live attempts, without looking at a counter.
function methods.recount()
  local job = knownJob()
  local tasks = tasksOf(job)
  local counts, reasons, held = {}, {}, {}
  local function hold(key, n) held[key] = (held[key] or 0) + n end
  local stop = min(job.counts.total, args.from + args.page)
  for index = args.from, stop - 1 do
    local place, swept = shownPlace(job, tasks, index)
    local name = PLACES[place]
    counts[name] = (counts[name] or 0) + 1
    if place >= CLAIMED and place <= UNKNOWN then
      for _, gate in ipairs(job.gates) do hold(gate.slots, 1) end
      local one = place ~= CLAIMED and liveAt(job.id, index)
      local taken = one and holds.counted(one.rest.counted) or {}
      for i = 1, #taken, 3 do hold(taken[i], taken[i + 1]) end
    end
    if place >= ENDED then
      local label = name .. '/' .. (swept and job.sweep.reason or reasonOf(tasks, index))
      reasons[label] = (reasons[label] or 0) + 1
    end
  end
  return { job.counts.total, job.lastEvent, counts, reasons, held, job.outcomes, stop < job.counts.total and stop or false }
end

-- What waiters need to know before they sleep.
function methods.lookForWork()
  local counts = {}
  for i, route in ipairs(args.routes) do counts[i] = signalCount(route) end
  return { now, nextWake(), counts }
end

-- What a redacted event still says.
local function redactedEvent(event, index)
  local kind = event[1]
  if kind == 'note' and event[2] == index then
    event[5] = ''
    return { event }
  end
  if kind == 'closed' and event[2] == index then
    event[6] = ''
    return { event }
  end
  if kind ~= 'fences' then return nil end
  -- The memo is told once for all of them: those before, this one without, those after.
  for at = 5, #event, 2 do
    if event[at] == index then
      local before, without, after =
        { kind, event[2], event[3], event[4] }, { kind, event[2], event[3], '', index, event[at + 1] },
        { kind, event[2], event[3], event[4] }
      for i = 5, at - 1 do before[i] = event[i] end
      for i = at + 2, #event do after[#after + 1] = event[i] end
      return { before, without, after }
    end
  end
  return nil
end

-- An entry without what it says of a task; nil if it says nothing of it.
local function redactedEntry(text, index)
  local told = unpackRecord(text)
  local entry = told[2]
  local kept, found = { entry[1] }, false
  for i = 2, #entry do
    local instead = redactedEvent(entry[i], index)
    found = found or instead ~= nil
    for _, event in ipairs(instead or { entry[i] }) do
      if event[1] ~= 'fences' or #event > 4 then kept[#kept + 1] = event end
    end
  end
  return found and pack({ told[1], kept }) or nil
end

-- Entries of the log looked at in one step.
local LOOKED_THROUGH = 64

-- Where the results of a task are packed together with others: parcels it has results in, and those in which there are
-- some that came for nothing.
local function parcelsOf(job, tasks, index)
  local numbers, seen = {}, {}
  for _, result in ipairs(resultsOf(tasks, index)) do
    if type(result) == 'number' and not seen[result] then
      seen[result] = true
      numbers[#numbers + 1] = result
    end
  end
  local strays = call('HGETALL', base .. 'x:' .. job.id)
  for i = 1, #strays, 2 do
    local number = tonumber(strays[i])
    for _, other in ipairs(unpackRecord(strays[i + 1])) do
      if other == index and not seen[number] then
        seen[number] = true
        numbers[#numbers + 1] = number
      end
    end
  end
  return numbers
end

-- Removes what is known of an ended task: first in the log, a part of it each time, until it says "true"; so in the ledger, where
-- parcels are packed anew that say something of it; then its memo, its results and its payload. What is packed has to be packed anew without it: says what, and is asked again with what it
-- has become, if it is still what that was made of.
function methods.redact()
  local job, index = knownJob(), args.index
  local tasks = tasksOf(job)
  if index >= job.counts.total then fail('task_not_found', { jobId = job.id, index = index }) end
  if shownPlace(job, tasks, index) < ENDED then fail('task_not_ended', { jobId = job.id, index = index }) end
  if args.log then
    local key = logs.key(job)
    local count, from = call('LLEN', key), 0
    if args.log > 0 then from = logs.find(key, count, args.log) end
    local texts = call('LRANGE', key, from, from + LOOKED_THROUGH - 1)
    for i, text in ipairs(texts) do
      local instead = redactedEntry(text, index)
      if instead then afterwards({ 'LSET', key, from + i - 1, instead }) end
    end
    if from + LOOKED_THROUGH >= count then return true end
    return logs.first(call('LINDEX', key, from + LOOKED_THROUGH))
  end
  if args.ledger then return ledger.parcels(args.ledger) end
  if args.entries then return ledger.replace(args.entries, args.was, ARGV[5]) end
  local id, position = payloadAt(tasks, index)
  local numbers = parcelsOf(job, tasks, index)
  local was = {}
  if id then was[1] = redis.sha1hex(call('GET', blockKey(job, id)) or '') end
  for _, number in ipairs(numbers) do
    was[#was + 1] = redis.sha1hex(call('LINDEX', base .. 'o:' .. job.id, number - 1) or '')
  end
  for i, text in ipairs(was) do
    if args.was[i] ~= text then return { id or false, position or false, numbers } end
  end
  local packed = 5
  if id then
    afterwards({ 'SET', blockKey(job, id), ARGV[packed] })
    packed = packed + 1
  end
  for _, number in ipairs(numbers) do
    afterwards({ 'LSET', base .. 'o:' .. job.id, number - 1, ARGV[packed] })
    packed = packed + 1
  end
  setRedacted(tasks, index)
  return nil
end
`
