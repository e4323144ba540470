/** The life of a job, as store/phases.ts and store/tick.ts of core have it. */
export const PHASES: string = `
local enter

-- Tasks that have not ended.
local function openTasks(job)
  local counts = job.counts
  return counts.fresh + counts.deferred + counts.claimed + counts.active + counts.unknown
end

-- Ends a job that has nothing left to do.
local function settle(job)
  local onDrained = job.phase.onDrained
  if not onDrained or job.loading or job.sealed == 0 or openTasks(job) > 0 then return end
  job.endedAt = now
  job.timers = {}
  deleteMember(wakes, timerWaker(job))
  enter(job, onDrained)
end

-- Counts a change of the job.
local function bump(job)
  job.revision = job.revision + 1
  changed(job)
end

-- Enters a phase, and the ones that follow from it at once.
enter = function(job, phase)
  local was = job.phase
  job.phase = phase
  bump(job)
  if was.state ~= phase.state or was.reason ~= phase.reason then
    log(job, { 'job', phase.state, phase.reason or false, job.revision })
  end
  if phase.dialable then ready(job) else unready(job) end
  settle(job)
end

-- Sets both timers. A swept job keeps none.
local function setTimers(job, givenTimers)
  local timers = job.sweep and {} or givenTimers
  job.timers = timers
  local soonest = min(timers.start and timers.start.at or INF, timers.expiry and timers.expiry.at or INF)
  deleteMember(wakes, timerWaker(job))
  if soonest < INF then wakeAt(timerWaker(job), soonest) end
end

-- Ends every waiting task at once, by arithmetic. The first sweep counts.
local function sweep(job, how)
  if job.sweep then return end
  job.sweep = how
  setTimers(job, {})
  unready(job)
  if job.sealed > 0 then job.loading = false end
  local counts = job.counts
  local count = counts.fresh + counts.deferred
  counts.fresh, counts.deferred = 0, 0
  counts[how.terminal] = counts[how.terminal] + count
  if count == 0 then return end
  local label = how.terminal .. '/' .. how.reason
  job.reasons[label] = (job.reasons[label] or 0) + count
  log(job, { 'swept', count, how.terminal, how.reason })
end

-- Does what a job's timers have due. A job that is over has none.
local function fireTimers(job)
  local start, expiry = job.timers.start, job.timers.expiry
  if expiry and expiry.at <= now then
    sweep(job, expiry.sweep)
    enter(job, expiry.phase)
    return
  end
  if not start or start.at > now then return end
  -- A job without tasks does not start; its first batch sets the timers anew.
  if job.sealed == 0 then
    if expiry then wakeAt(timerWaker(job), expiry.at) end
    return
  end
  setTimers(job, { expiry = expiry })
  enter(job, start.phase)
end

-- Does what is due by the store's clock: wakers, timers, leases that have ended.
local function tick()
  for waker in take, wakes do
    if string.sub(waker, 1, 1) ~= 't' then
      wake(waker)
    else
      local job = jobOf(string.sub(waker, 3))
      if job then fireTimers(job) end
    end
  end
  for text in take, leases do
    local lease = unpackRecord(text)
    local job = jobOf(lease[1])
    if job then
      local tasks = tasksOf(job)
      for i = 3, #lease do
        local index = lease[i]
        if placeOf(tasks, index) == CLAIMED and hasTag(tasks, index, lease[2]) then
          free(job, 1, false)
          local waitUntil = follow(job, tasks, index, { waitUntil = 0 })
          if waitUntil then log(job, { 'returned', index, waitUntil, { 'lease_ended' } }) end
        end
      end
      settle(job)
    end
  end
end
`
