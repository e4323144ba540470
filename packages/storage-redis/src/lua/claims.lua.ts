/** Claims in fair order, as store/claims.ts of core has them. */
export const CLAIMS: string = `
-- Claims given to one job before the next in order has its turn.
local QUANTUM = 32
-- Jobs that one claim takes out of the order because they have nothing to give: a step must stay short.
local SET_ASIDE = 64
local claimedTexts
anew(function() claimedTexts = {} end)

-- Takes a job with nothing to claim out of the order until it has.
local function rest(job)
  unready(job)
  local soonest = lanes.nextWork(job)
  if soonest < INF then wakeAt(jobWaker(job), max(soonest, now + 1)) end
end

-- The next task of a lane that is due; others may have ended, or wait for a later time now.
local function nextDue(tasks, due)
  while true do
    local taken = take(due)
    if not taken then return nil end
    local index = tonumber(taken)
    if placeOf(tasks, index) == DEFERRED and waitUntilOf(tasks, index) <= now then return index end
  end
end

-- Claims tasks of a lane while those never claimed have a share of the claims, as store/mixed.ts of core has it.
local function takeMixed(job, tasks, lane, most, found)
  local due = dueOf(job, lane.lane)
  local again = nextDue(tasks, due)
  while #found < most do
    while lane.next and placeOf(tasks, lane.next) ~= FRESH do lanes.nextFresh(job, lane) end
    if not again and not lane.next then break end
    local fresh = not again
    if again and lane.next then
      local owed = (lane.owed or 0) + job.freshShare
      fresh = owed >= 1
      lane.owed = fresh and owed - 1 or owed
    end
    local index = fresh and lanes.nextFresh(job, lane) or again
    move(job, tasks, index, CLAIMED)
    found[#found + 1] = index
    if not fresh then again = nextDue(tasks, due) end
  end
  if again then setScore(due, digits(again), waitUntilOf(tasks, again)) end
end

-- Tasks of a lane that may be claimed now: those that are due, and then fresh ones. Answers their indexes with the cells.
local function findTasks(job, tasks, most)
  local found, n = {}, 0
  -- When nobody waits, the lists of those who are due have only some who did: then nobody looks at them.
  local waits = job.counts.deferred > 0
  for _, lane in ipairs(job.lanes) do
    if n == most then break end
    local isOpen = lanes.closesAt(lane, now)
    if isOpen and job.freshShare then
      takeMixed(job, tasks, lane, most, found)
      n = #found
    elseif isOpen then
      local due = waits and dueOf(job, lane.lane)
      while due and n < most do
        local taken = take(due)
        if not taken then break end
        local index = tonumber(taken)
        if placeOf(tasks, index) == DEFERRED and waitUntilOf(tasks, index) <= now then
          move(job, tasks, index, CLAIMED)
          n = n + 1
          found[n] = index
        end
      end
      local fresh = 0
      while n < most do
        local index = lanes.nextFresh(job, lane)
        if not index then break end
        local text, block, position = textOf(tasks, index)
        if (cells[text] or readCell(text)).place == FRESH then
          writeCell(tasks, turned(claimedTexts, text, CLAIMED), block, position)
          fresh = fresh + 1
          n = n + 1
          found[n] = index
        end
      end
      local counts = job.counts
      counts.fresh, counts.claimed = counts.fresh - fresh, counts.claimed + fresh
    end
  end
  return found, n
end

local function takeTasks(job, most, leaseMs, claimed)
  local tasks = tasksOf(job)
  local indexes, count = findTasks(job, tasks, most)
  if count == 0 then return 0 end
  local tag = nextTag()
  local leaseUntil = now + leaseMs
  reserve(job, count)
  setScore(leases, pack({ job.id, tag, unpack(indexes) }), leaseUntil)
  if not job.startedAt then job.startedAt = now end
  log(job, { 'claimed', indexes })
  if job.phase.onClaim then enter(job, job.phase.onClaim) end
  local blocks, numbers, tagged, x = {}, {}, {}, tag % TAGS
  local group = { job.id, job.route, job.revision, leaseUntil, tag, blocks }
  local n, nextIndex, nextPosition, lastId, lastText = #group, -1, -1, nil, nil
  for i = 1, count do
    local index = indexes[i]
    local text, block, position = textOf(tasks, index)
    writeCell(tasks, turned(tagged, text, CLAIMED, nil, x), block, position)
    local id, place = payloadAt(tasks, index, cells[text])
    if index == nextIndex and place == nextPosition and id == lastId and text == lastText then
      group[n - 4] = group[n - 4] + 1
    else
      if not numbers[id] then
        blocks[#blocks + 1] = id
        numbers[id] = #blocks - 1
      end
      group[n + 1], group[n + 2], group[n + 3], group[n + 4], group[n + 5], group[n + 6] =
        index, 1, attemptsOf(tasks, index), numbers[id], place, memoOf(tasks, index) or false
      n = n + 6
    end
    -- One that has a record may have a memo: it is by itself.
    nextIndex, nextPosition, lastId, lastText = cells[text].has and -1 or index + 1, place + 1, id, text
  end
  claimed[#claimed + 1] = group
  return count
end

-- Claims tasks of a route in weighted fair order, as far as gates and lanes allow.
local function claim(route, most, leaseMs, claimed)
  local organizations = organizationsOf(route)
  local left, looks = most, SET_ASIDE
  while left > 0 do
    local organization = first(organizations)
    if not organization then break end
    local jobId = first(jobsOf(route, organization))
    if not jobId then
      deleteMember(organizations, organization)
    else
      local job = jobOf(jobId)
      -- The others have their turn a moment later: whoever waits for work hears of it.
      if looks == 0 then return wakeAt(routeWaker(job), now + 1) end
      local n, blocked, upTo = admitted(job, min(left, QUANTUM))
      if blocked then
        looks = looks - 1
        setAside(job, blocked, upTo)
        if blocked.gate.blocks == 'route' then return end
      else
        local taken = takeTasks(job, n, leaseMs, claimed)
        if taken == 0 then
          looks = looks - 1
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
