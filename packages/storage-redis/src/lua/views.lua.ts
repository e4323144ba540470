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
  local live = (place == ACTIVE or place == UNKNOWN) and liveAt(job.id, index)
  local block, position = payloadAt(tasks, index)
  return {
    index, PLACES[place], attemptsOf(tasks, index), laneNumber(tasks, index), resultsOf(tasks, index),
    block or false, position or false, memoOf(tasks, index) or false, reason, live and live.ref or false,
    place == DEFERRED and waitUntilOf(tasks, index) or false,
  }
end

local function liveView(live)
  local job = jobOf(live.jobId)
  local block, position = payloadAt(tasksOf(job), live.index)
  local view = { job.revision, block or false, position or false, job.id, live.index }
  for i, name in ipairs(FIELDS) do view[i + 5] = live[name] or false end
  view[#view] = nil
  return view
end

function methods.loadLives()
  local found = {}
  for i, ref in ipairs(args.refs) do
    local live = liveOf(ref)
    found[i] = live and liveView(live) or false
  end
  return found
end

function methods.overdue()
  local found = {}
  for i, live in ipairs(overdueLives(args.routes, args.max)) do
    live.checkAt = now + args.snooze
    found[i] = liveView(live)
  end
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
  local index = dedup.keyIndex(job, call('HGET', dedup.keysKey(job, dedup.bucketOf(job.keys, args.key)), args.key))
  return index and index < job.counts.total and index or nil
end

function methods.events()
  local job = knownJob()
  local key = base .. 'e:' .. job.id
  local oldest = job.lastEvent - call('LLEN', key) + 1
  if args.after + 1 < oldest then return { oldest, job.lastEvent, jobView(job) } end
  local entries = {}
  local from = args.after + 1 - oldest
  if args.max > 0 then
    for i, text in ipairs(call('LRANGE', key, from, from + args.max - 1)) do entries[i] = unpackRecord(text) end
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
      local live = place ~= CLAIMED and liveAt(job.id, index)
      for _, taken in ipairs(live and live.held or {}) do
        if taken[3] == 'slots' or taken[3] == 'money' then hold(taken[1], taken[2]) end
      end
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

local REDACTED = { fenced = 6, closed = 6, note = 5 }
-- Removes what is known of an ended task, in its records and in the log. Its block has to be packed anew without it: says
-- which, and is asked again with what it has become, if it is still what that was made of.
function methods.redact()
  local job, index = knownJob(), args.index
  local tasks = tasksOf(job)
  if index >= job.counts.total then fail('task_not_found', { jobId = job.id, index = index }) end
  if shownPlace(job, tasks, index) < ENDED then fail('task_not_ended', { jobId = job.id, index = index }) end
  local id, position = payloadAt(tasks, index)
  if not id then return nil end
  local block = blockKey(job, id)
  if args.was ~= redis.sha1hex(call('GET', block) or '') then return { id, position } end
  afterwards({ 'SET', block, ARGV[5] })
  change(tasks, index).redacted = true
  if cellOf(tasks, index).has then
    change(tasks, index).has = false
    afterwards({ 'HDEL', recordsKey(job, index), index % BUCKET })
  end
  local key = base .. 'e:' .. job.id
  for from = 0, call('LLEN', key) - 1, 512 do
    for i, text in ipairs(call('LRANGE', key, from, from + 511)) do
      local entry = unpackRecord(text)
      local data = entry[2]
      local position = REDACTED[data[1]]
      if position and data[2] == index then
        data[position] = ''
        afterwards({ 'LSET', key, from + i - 1, pack(entry) })
      end
    end
  end
  return nil
end
`
