/** Claims in fair order, as store/claims.ts of core has them. */
export const CLAIMS: string = `
local claim
do
-- Claims given to one job before the next in order has its turn.
local QUANTUM = 32

-- Takes a job with nothing to claim out of the order until it has.
local function rest(job)
  unready(job)
  local soonest = lanes.nextWork(job)
  if soonest < INF then wakeAt(jobWaker(job), max(soonest, now + 1)) end
end

local function takeTasks(job, most, leaseMs, claimed)
  local tasks = tasksOf(job)
  local indexes = {}
  for _, lane in ipairs(job.lanes) do
    if #indexes == most then break end
    if lanes.closesAt(lane, now) then
      local due = dueOf(job, lane.lane)
      while #indexes < most do
        local text = take(due)
        if not text then break end
        local index = tonumber(text)
        if placeOf(tasks, index) == DEFERRED and waitUntilOf(tasks, index) <= now then
          move(job, tasks, index, CLAIMED)
          indexes[#indexes + 1] = index
        end
      end
      while #indexes < most do
        local index = lanes.nextFresh(job, lane)
        if not index then break end
        if placeOf(tasks, index) == FRESH then
          move(job, tasks, index, CLAIMED)
          indexes[#indexes + 1] = index
        end
      end
    end
  end
  local count = #indexes
  if count == 0 then return 0 end
  local tag = nextTag()
  local leaseUntil = now + leaseMs
  reserve(job, count)
  setScore(leases, pack({ job.id, tag, unpack(indexes) }), leaseUntil)
  if not job.startedAt then job.startedAt = now end
  log(job, { 'claimed', indexes })
  if job.phase.onClaim then enter(job, job.phase.onClaim) end
  local blocks, numbers = {}, {}
  local group = { job.id, job.route, job.revision, leaseUntil, tag, blocks }
  local n, nextIndex, nextPosition, lastId, lastAttempts = #group, -1, -1, nil, -1
  for i = 1, count do
    local index = indexes[i]
    setTag(tasks, index, tag)
    local id, position = payloadAt(tasks, index)
    local attempts, memo = attemptsOf(tasks, index), memoOf(tasks, index) or false
    if index == nextIndex and position == nextPosition and id == lastId and attempts == lastAttempts and not memo then
      group[n - 4] = group[n - 4] + 1
    else
      if not numbers[id] then
        blocks[#blocks + 1] = id
        numbers[id] = #blocks - 1
      end
      group[n + 1], group[n + 2], group[n + 3], group[n + 4], group[n + 5], group[n + 6] =
        index, 1, attempts, numbers[id], position, memo
      n = n + 6
    end
    -- A task with a memo is by itself.
    nextIndex, nextPosition, lastId, lastAttempts = memo and -1 or index + 1, position + 1, id, attempts
  end
  claimed[#claimed + 1] = group
  return count
end

-- Claims tasks of a route in weighted fair order, as far as gates and lanes allow.
function claim(route, most, leaseMs, claimed)
  local organizations = organizationsOf(route)
  local left = most
  while left > 0 do
    local organization = first(organizations)
    if not organization then break end
    local jobId = first(jobsOf(route, organization))
    if not jobId then
      deleteMember(organizations, organization)
    else
      local job = jobOf(jobId)
      local n, blocked, upTo = admitted(job, min(left, QUANTUM))
      if blocked then
        setAside(job, blocked, upTo)
        if blocked.gate.blocks == 'route' then return end
      else
        local taken = takeTasks(job, n, leaseMs, claimed)
        if taken == 0 then
          rest(job)
        else
          charge(job, taken)
          left = left - taken
        end
      end
    end
  end
end
end
`
