/** How a task moves, as store/moves.ts of core has it. */
export const MOVES: string = `
-- Moves a task and keeps the counters.
local function move(job, tasks, index, to)
  local counts = job.counts
  local text, block, position = textOf(tasks, index)
  local from, into = PLACES[(cells[text] or readCell(text)).place], PLACES[to]
  counts[from] = counts[from] - 1
  counts[into] = counts[into] + 1
  writeCell(tasks, placed(text, to), block, position)
end

-- The tasks of a job in which a claim still holds this one, and its cell; else nil.
local function heldClaim(job, index, tag)
  if not job or index < 0 or index >= job.counts.total then return nil end
  local tasks = tasksOf(job)
  local text, block, position = textOf(tasks, index)
  local cell = cells[text] or readCell(text)
  if cell.place ~= CLAIMED or cell.x ~= tag % TAGS then return nil end
  return tasks, text, block, position
end

-- Has a deferred task come up at a time.
local function defer(job, tasks, index, at)
  setWaitUntil(tasks, index, at)
  setScore(dueOf(job, laneNumber(tasks, index)), digits(index), at)
  if at <= now then ready(job) else wakeAt(jobWaker(job), at) end
end

-- Counts the end of a task.
local labels
anew(function() labels = {} end)
local function countEnd(job, tasks, index, terminal, reason, parcel)
  local counts = job.counts
  local from = PLACES[setEnd(tasks, index, CODES[terminal], reason, parcel)]
  counts[from] = counts[from] - 1
  counts[terminal] = counts[terminal] + 1
  local ofTerminal = labels[terminal]
  if not ofTerminal then
    ofTerminal = {}
    labels[terminal] = ofTerminal
  end
  local label = ofTerminal[reason]
  if not label then
    label = terminal .. '/' .. reason
    ofTerminal[reason] = label
  end
  job.reasons[label] = (job.reasons[label] or 0) + 1
end

local function endTask(job, tasks, index, terminal, reason)
  countEnd(job, tasks, index, terminal, reason, 0)
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
