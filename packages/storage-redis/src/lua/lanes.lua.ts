/** Lanes, as store/lanes.ts of core has them. */
export const LANES: string = `
local lanes = {}

-- The lane of a task: sealing makes it before the task can be seen.
function lanes.laneOf(job, lane)
  for _, known in ipairs(job.lanes) do
    if known.lane == lane then return known end
  end
  return nil
end

-- When a lane that is open at an instant closes; nil when it is closed.
function lanes.closesAt(lane, at)
  local open = lane.open
  if not open then return INF end
  for i = 1, #open - 1, 2 do
    if at < open[i] then return nil end
    if at < open[i + 1] then return open[i + 1] end
  end
  return nil
end

-- When a lane is open next, from an instant on; infinity when no interval is left.
function lanes.opensAt(lane, at)
  local open = lane.open
  if not open then return at end
  for i = 1, #open - 1, 2 do
    if at < open[i + 1] then return max(at, open[i]) end
  end
  return INF
end

-- Whether the cursor of a lane has fresh tasks before it.
function lanes.hasFresh(lane)
  return lane.next ~= nil
end

-- Moves the cursor and returns where it stood; nil at the end. The range it is in is with the lane, later ones in a list.
function lanes.nextFresh(job, lane)
  local index = lane.next
  if not index then return nil end
  if index + 1 < lane.stop then
    lane.next = index + 1
    return index
  end
  lane.next, lane.stop = nil, nil
  if lane.range < lane.ranges then
    local from, stop = string.match(call('LINDEX', rangesKey(job, lane), lane.range), '^(%d+) (%d+)$')
    lane.range = lane.range + 1
    lane.next, lane.stop = tonumber(from), tonumber(stop)
  end
  return index
end

-- Adds indexes to a lane, joining them to the range of its cursor when they follow it.
function lanes.addRange(job, lane, from, stop)
  if not lane.next then
    lane.next, lane.stop = from, stop
  elseif lane.range == lane.ranges and lane.stop == from then
    lane.stop = stop
  else
    local key = rangesKey(job, lane)
    laterRanges[key] = laterRanges[key] or {}
    table.insert(laterRanges[key], digits(from) .. ' ' .. digits(stop))
    lane.ranges = lane.ranges + 1
  end
end

-- When a job's next task may be claimed, as far as its lanes know.
function lanes.nextWork(job)
  local soonest = INF
  local waiting = job.counts.deferred
  if job.counts.fresh + waiting == 0 then return soonest end
  for _, lane in ipairs(job.lanes) do
    local work = lanes.hasFresh(lane) and now or waiting > 0 and nextTime(dueOf(job, lane.lane)) or INF
    if work < INF then soonest = min(soonest, lanes.opensAt(lane, max(work, now))) end
  end
  return soonest
end

function lanes.sort(job)
  table.sort(job.lanes, function(a, b)
    if a.priority ~= b.priority then return a.priority > b.priority end
    return a.lane < b.lane
  end)
end

-- The intervals of a lane as they came: false when it is always open.
function lanes.given(open)
  if open == NULL or open == nil then return false end
  local made = {}
  for i, at in ipairs(open) do made[i] = number(at) end
  return made
end
`
