/** How a task moves, as store/moves.ts of core has it. */
export const MOVES: string = `
-- Moves a task and keeps the counters.
local function move(job, tasks, index, to)
  local counts = job.counts
  local cell = cellOf(tasks, index)
  local from, into = PLACES[cell.place], PLACES[to]
  counts[from] = counts[from] - 1
  counts[into] = counts[into] + 1
  cell.place, cell.dirty = to, true
end

-- The job, tasks and index of a claim that still holds its task, else nil.
local function heldClaim(claim)
  local colon = string.find(claim, ':', 1, true)
  local second = colon and string.find(claim, ':', colon + 1, true)
  local job = second and jobOf(string.sub(claim, 1, colon - 1))
  if not job then return nil end
  local tasks = tasksOf(job)
  local index, tag = tonumber(string.sub(claim, colon + 1, second - 1)), tonumber(string.sub(claim, second + 1))
  if not index or not tag or index >= job.counts.total then return nil end
  if placeOf(tasks, index) ~= CLAIMED or not hasTag(tasks, index, tag) then return nil end
  return job, tasks, index
end

-- Has a deferred task come up at a time.
local function defer(job, tasks, index, at)
  setWaitUntil(tasks, index, at)
  setScore(dueOf(job, laneNumber(tasks, index)), digits(index), at)
  if at <= now then ready(job) else wakeAt(jobWaker(job), at) end
end

local function endTask(job, tasks, index, terminal, reason)
  move(job, tasks, index, CODES[terminal])
  setReason(tasks, index, reason)
  local label = terminal .. '/' .. reason
  job.reasons[label] = (job.reasons[label] or 0) + 1
  log(job, { 'ended', index, terminal, reason })
end

-- What happens to a task that leaves a claim or an attempt. Returns when it waits until; nil when it has ended.
local function follow(job, tasks, index, next)
  if next.memo then setMemo(tasks, index, next.memo) end
  if next.terminal then
    endTask(job, tasks, index, next.terminal, next.reason)
    return nil
  end
  if job.sweep then
    endTask(job, tasks, index, job.sweep.terminal, job.sweep.reason)
    return nil
  end
  local at = max(number(next.waitUntil), now)
  move(job, tasks, index, DEFERRED)
  defer(job, tasks, index, at)
  return at
end
`
