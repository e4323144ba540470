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

-- The live attempt of a task.
local function liveAt(jobId, index)
  local field = jobId .. ':' .. digits(index)
  local live = lives[field]
  if live == nil then
    local row = get(liveShelf, field)
    live = false
    if row then
      live = { jobId = jobId, index = index }
      for i, name in ipairs(FIELDS) do live[name] = row[i] end
      live.callId = live.callId or nil
    end
    lives[field] = live
  end
  return live or nil
end

local function liveOf(ref)
  local parts = parseRef(ref)
  local live = parts and liveAt(parts.jobId, parts.index)
  if live and live.ref == ref then return live end
  return nil
end

local function addLive(live)
  lives[live.jobId .. ':' .. digits(live.index)] = live
end

local function dropLive(live)
  lives[live.jobId .. ':' .. digits(live.index)] = false
end

-- A live attempt may have moved the time at which somebody looks at it, or have gone.
local function packLives()
  for field, live in pairs(lives) do
    local jobId = string.match(field, '^(.*):')
    local job = jobOf(jobId)
    local checks = job and orderedSet('checks:' .. job.route)
    local before = liveShelf.records[field]
    if live then
      local row = {}
      for i, name in ipairs(FIELDS) do row[i] = live[name] or false end
      if checks and (not before or before[9] ~= row[9]) then setScore(checks, field, row[9]) end
      put(liveShelf, field, row)
    elseif before then
      if checks then deleteMember(checks, field) end
      drop(liveShelf, field)
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
