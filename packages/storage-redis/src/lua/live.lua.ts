/** Live attempts, by job and index: a task has one at most. */
export const LIVE: string = `
local FIELDS = {
  'ref', 'attempt', 'rank', 'state', 'unknown', 'choice', 'fencedAt', 'startBy', 'checkAt', 'callId', 'since', 'memo',
  'held',
}
local lives = {}

local function isNumber(text)
  return #text <= 9 and (text == '0' or string.find(text, '^[1-9]') ~= nil)
end

-- Reads a ref; nil for anything else.
local function parseRef(ref)
  local jobId, index, attempt, nonce = string.match(ref, '^([^:]+):(%d+):(%d+):([^:]+)$')
  if not jobId or not isNumber(index) or not isNumber(attempt) then return nil end
  return { jobId = jobId, index = tonumber(index), attempt = tonumber(attempt), nonce = nonce }
end

local function formatRef(jobId, index, attempt, nonce)
  return jobId .. ':' .. digits(index) .. ':' .. digits(attempt) .. ':' .. nonce
end

-- The name of a task, with which its ref begins.
local function taskName(jobId, index)
  return jobId .. ':' .. digits(index)
end

local function liveNamed(name)
  local live = lives[name]
  if live == nil then
    local row = get(liveShelf, name)
    live = false
    if row then
      local colon = string.find(name, ':', 1, true)
      live = {
        name = name, jobId = string.sub(name, 1, colon - 1), index = tonumber(string.sub(name, colon + 1)),
        ref = row[1], attempt = row[2], rank = row[3], state = row[4], unknown = row[5], choice = row[6],
        fencedAt = row[7], startBy = row[8], checkAt = row[9], callId = row[10] or nil, since = row[11], memo = row[12],
        held = row[13],
      }
    end
    lives[name] = live
  end
  return live or nil
end

-- The live attempt of a task.
local function liveAt(jobId, index)
  return liveNamed(taskName(jobId, index))
end

-- Whatever begins like the name of a task with a live attempt is its ref only if it is the same to the last character.
local function liveOf(ref)
  local colon = string.find(ref, ':', 1, true)
  colon = colon and string.find(ref, ':', colon + 1, true)
  local live = colon and liveNamed(string.sub(ref, 1, colon - 1))
  if live and live.ref == ref then return live end
  return nil
end

local function addLive(live)
  live.name = taskName(live.jobId, live.index)
  lives[live.name] = live
end

local function dropLive(live)
  lives[live.name] = false
end

-- A live attempt may have moved the time at which somebody looks at it, or have gone.
local function packLives()
  local checksByJob = {}
  for name, live in pairs(lives) do
    local before = liveShelf.records[name]
    if live or before then
      local jobId = live and live.jobId or string.match(name, '^[^:]*')
      local checks = checksByJob[jobId]
      if checks == nil then
        local job = jobOf(jobId)
        checks = job and orderedSet('checks:' .. job.route) or false
        checksByJob[jobId] = checks
      end
      if live then
        if checks and (not before or before[9] ~= live.checkAt) then setScore(checks, name, live.checkAt) end
        put(liveShelf, name, {
          live.ref, live.attempt, live.rank, live.state, live.unknown, live.choice, live.fencedAt, live.startBy,
          live.checkAt, live.callId or false, live.since, live.memo, live.held,
        })
      else
        if checks then deleteMember(checks, name) end
        drop(liveShelf, name)
      end
    end
  end
end

-- Live attempts of these routes whose checkAt has passed, earliest first.
local function overdueLives(routes, most)
  local found = {}
  for _, route in ipairs(routes) do
    local late = call('ZRANGEBYSCORE', base .. 'checks:' .. route, '-inf', now, 'LIMIT', 0, most)
    for _, field in ipairs(late) do
      local jobId, index = string.match(field, '^(.*):(%d+)$')
      local live = liveAt(jobId, tonumber(index))
      if live then found[#found + 1] = live end
    end
  end
  table.sort(found, function(a, b)
    if a.checkAt ~= b.checkAt then return a.checkAt < b.checkAt end
    return a.ref < b.ref
  end)
  for i = #found, most + 1, -1 do found[i] = nil end
  return found
end
`
