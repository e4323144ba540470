/** A change of a job, as store/control.ts of core has it. */
export const CONTROL: string = `
local function setLane(job, wanted)
  local lane = lanes.laneOf(job, wanted.lane)
  if not lane then return end
  lane.open = lanes.given(wanted.open)
  if lane.priority ~= wanted.priority then
    lane.priority = wanted.priority
    lanes.sort(job)
  end
  ready(job)
end

local function checkTask(job, index)
  if index < 0 or index % 1 ~= 0 or index >= job.counts.total then fail('task_not_found', { jobId = job.id, index = index }) end
  local place = placeOf(tasksOf(job), index)
  if place >= ENDED or (job.sweep and (place == FRESH or place == DEFERRED)) then
    fail('task_ended', { jobId = job.id, index = index })
  end
  if place >= CLAIMED then fail('task_busy', { jobId = job.id, index = index }) end
end

local function changeTask(job, index, next)
  local tasks = tasksOf(job)
  if next.terminal then
    follow(job, tasks, index, next)
    return
  end
  if next.memo then setMemo(tasks, index, next.memo) end
  move(job, tasks, index, DEFERRED)
  defer(job, tasks, index, max(number(next.waitUntil), now))
end

function methods.control()
  tick()
  local wanted, ifRevision = args.change, args.ifRevision
  local job = jobOf(args.jobId)
  if not job then fail('job_not_found', { jobId = args.jobId }) end
  local text = redis.sha1hex(ARGV[1])
  if job.told and job.told.text == text and (ifRevision or job.told.lastEvent == job.lastEvent) then
    return jobView(job)
  end
  if ifRevision and ifRevision ~= job.revision then
    fail('revision_conflict', { jobId = job.id, revision = job.revision, ifRevision = ifRevision })
  end
  if wanted.task then
    checkTask(job, wanted.task.index)
    if wanted.task.unlessNoted and hasNote(job, wanted.task.unlessNoted) then return jobView(job) end
  end

  if wanted.spec then
    setSpec(job, wanted.spec)
    job.outdated = nextTag()
  end
  if wanted.weight then job.weight = wanted.weight end
  if wanted.freshShare == NULL then job.freshShare = nil
  elseif wanted.freshShare then job.freshShare = wanted.freshShare end
  for _, limit in ipairs(wanted.limits or {}) do setLimit(limit) end
  for _, lane in ipairs(wanted.lanes or {}) do setLane(job, lane) end
  if wanted.timers then setTimers(job, wanted.timers) end
  if wanted.task then changeTask(job, wanted.task.index, wanted.task.next) end
  if wanted.sweep then sweep(job, wanted.sweep) end
  local was = job.phase
  if wanted.phase then enter(job, wanted.phase) else bump(job) end
  if (was.state == job.phase.state and was.reason == job.phase.reason) or wanted.note then
    log(job, { 'changed', job.revision, wanted.note or false })
  end
  settle(job)
  tick()
  job.told = { text = text, lastEvent = job.lastEvent }
  local view = jobView(job)
  if wanted.spec then view.spec = wanted.spec end
  return view
end
`
