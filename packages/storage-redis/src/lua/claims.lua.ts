/** Claims in fair order, as store/claims.ts of core has them. */
export const CLAIMS: string = `
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
  if #indexes == 0 then return 0 end
  local tag = nextTag()
  local leaseUntil = now + leaseMs
  reserve(job, #indexes)
  setScore(leases, pack({ job.id, tag, unpack(indexes) }), leaseUntil)
  if not job.startedAt then job.startedAt = now end
  log(job, { 'claimed', indexes })
  if job.phase.onClaim then enter(job, job.phase.onClaim) end
  local group, blocks, numbers = {}, {}, {}
  for i, index in ipairs(indexes) do
    setTag(tasks, index, tag)
    local id, position = payloadAt(tasks, index)
    if not numbers[id] then
      blocks[#blocks + 1] = id
      numbers[id] = #blocks - 1
    end
    group[i] = { index, attemptsOf(tasks, index), numbers[id], position, memoOf(tasks, index) or false }
  end
  claimed[#claimed + 1] = { job.id, job.route, job.revision, leaseUntil, tag, blocks, group }
  return #indexes
end

-- Claims tasks of a route in weighted fair order, as far as gates and lanes allow.
local function claim(request, claimed)
  local organizations = organizationsOf(request.route)
  local left = request.max
  while left > 0 do
    local organization = first(organizations)
    if not organization then break end
    local jobId = first(jobsOf(request.route, organization))
    if not jobId then
      deleteMember(organizations, organization)
    else
      local job = jobOf(jobId)
      local n, blocked, upTo = admitted(job, min(left, QUANTUM))
      if blocked then
        setAside(job, blocked, upTo)
        if blocked.gate.blocks == 'route' then return end
      else
        local taken = takeTasks(job, n, request.leaseMs, claimed)
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
`
