/** Live attempts, by job and index: a task has one at most. */
export const LIVE: string = `
local live = {}
local lastCheck
anew(function()
  live.key, live.named, live.heads, live.rests, live.parsed = base .. 'live', {}, {}, {}, {}
  live.changed, live.fields, live.gone, live.checks = {}, {}, {}, {}
  lastCheck = { second = -1 }
end)

local function isNumber(text)
  return #text <= 9 and (text == '0' or find(text, '^[1-9]') ~= nil)
end

-- Reads a ref; nil for anything else.
local function parseRef(ref)
  local jobId, index, attempt, nonce = string.match(ref, '^([^:]+):(%d+):(%d+):([^:]+)$')
  if not jobId or not isNumber(index) or not isNumber(attempt) then return nil end
  return { jobId = jobId, index = tonumber(index), attempt = tonumber(attempt), nonce = nonce }
end

-- The name of a task, with which its ref begins; what follows a colon there is the tail of the ref.
local function taskName(jobId, index)
  return jobId .. ':' .. digits(index)
end
local function refOf(one)
  return one.name .. ':' .. one.head.tail
end

-- A record is three parts: a head that attempts which are fenced, or get on, together have in common; the rest, which those have in
-- common whose memo and holds are the same; and what each has for itself, the carrier's id of the call and stamps of caps. The first
-- two are looked up by their text, so that what is the same is read and written once. They are shared: a change makes a new one.
-- What is an attempt's own is a text that is looked into only where somebody asks.
local function headOf(text)
  local head = live.heads[text]
  if not head then
    local row = unpackRecord(text)
    head = {
      text = text, tail = row[1], attempt = row[2], rank = row[3], state = row[4], unknown = row[5], fencedAt = row[6],
      startBy = row[7], checkAt = row[8], since = row[9],
    }
    live.heads[text] = head
  end
  return head
end
local function makeHead(tail, attempt, rank, state, unknown, fencedAt, startBy, checkAt)
  return headOf(pack({ tail, attempt, rank, state, unknown, fencedAt, startBy, checkAt, now }))
end
-- The same, got on. Those who had it in common get on alike, most often.
function live.gotOn(head, rank, state, unknown, checkAt)
  local after = head.after
  if not after or after.rank ~= rank or after.state ~= state or after.unknown ~= unknown or after.checkAt ~= checkAt then
    after = makeHead(head.tail, head.attempt, rank, state, unknown, head.fencedAt, head.startBy, checkAt)
    head.after = after
  end
  return after
end

local function restOf(text)
  local rest = live.rests[text]
  if not rest then
    local row = unpackRecord(text)
    rest = { text = text, memo = row[1], choice = row[2], counted = row[3], notes = row[4] }
    live.rests[text] = rest
  end
  return rest
end
local function restText(memo, choice, counted, notes)
  return pack({ memo, choice, counted, notes })
end
-- The same with what is told of it.
local function changedRest(rest, memo, notes)
  return restOf(restText(memo or rest.memo, rest.choice, rest.counted, notes or rest.notes))
end

-- What is an attempt's own: the carrier's id, empty if nobody has said it, and stamps of caps.
local CALL_ID = '>I4c0'
local NO_CALL_ID = packStruct(CALL_ID, 0, '')
function live.callIdOf(one)
  local callId = one.callId or one.text and unpackStruct(CALL_ID, one.text, one.ownAt) or ''
  return callId ~= '' and callId
end
function live.stampsOf(one)
  if not one.text then return '' end
  local _, at = unpackStruct(CALL_ID, one.text, one.ownAt)
  return sub(one.text, at)
end
local function ownOf(one)
  local callId = one.callId
  if callId then return packStruct(CALL_ID, #callId, callId) .. live.stampsOf(one) end
  return one.text and sub(one.text, one.ownAt) or NO_CALL_ID
end

-- Answers what others have in common with it, and where its own begins.
local SIZES = '>I2I4'
local function parseLive(text)
  local headSize, restSize, at = unpackStruct(SIZES, text)
  local restAt = at + headSize
  local ownAt = restAt + restSize
  local common = sub(text, 1, ownAt - 1)
  local parts = live.parsed[common]
  if not parts then
    parts = { headOf(sub(text, at, restAt - 1)), restOf(sub(text, restAt, ownAt - 1)) }
    live.parsed[common] = parts
  end
  return parts, ownAt
end

local function keepLive(name, text)
  local one = false
  if text then
    local parts, ownAt = parseLive(text)
    local head = parts[1]
    local colon = find(name, ':', 1, true)
    one = {
      name = name, jobId = sub(name, 1, colon - 1), index = tonumber(sub(name, colon + 1)), head = head,
      rest = parts[2], text = text, ownAt = ownAt, checked = head.checkAt, stored = true,
    }
  end
  live.named[name] = one
  return one
end

-- Reads together those that are bound to be asked for: their names, and of which jobs and tasks.
local function expectLives(names, jobIds, indexes)
  local named = live.named
  for from = 1, #names, AT_ONCE do
    local texts = call('HMGET', live.key, unpack(names, from, min(from + AT_ONCE - 1, #names)))
    for i = 1, #texts do
      local text, at = texts[i], from + i - 1
      local one = false
      if text then
        local parts, ownAt = parseLive(text)
        one = {
          name = names[at], jobId = jobIds[at], index = indexes[at], head = parts[1], rest = parts[2], text = text,
          ownAt = ownAt, checked = parts[1].checkAt, stored = true,
        }
      end
      named[names[at]] = one
    end
  end
end

local function liveNamed(name)
  local one = live.named[name]
  if one == nil then one = keepLive(name, call('HGET', live.key, name)) end
  return one or nil
end

-- The live attempt of a task.
local function liveAt(jobId, index)
  return liveNamed(taskName(jobId, index))
end

-- Whatever begins like the name of a task with a live attempt is its ref only if it is the same to the last character.
local function liveOf(ref)
  local colon = find(ref, ':', 1, true)
  colon = colon and find(ref, ':', colon + 1, true)
  local one = colon and liveNamed(sub(ref, 1, colon - 1))
  if one and one.head.tail == sub(ref, colon + 1) then return one end
  return nil
end

local function changeLive(one, head, rest)
  if head then one.head = head end
  if rest then one.rest = rest end
  if not one.changed then
    one.changed = true
    live.changed[#live.changed + 1] = one
  end
end

local function addLive(jobId, index, head, rest)
  local name = taskName(jobId, index)
  local before = live.named[name]
  local one = { name = name, jobId = jobId, index = index, stored = before and before.stored }
  live.named[name] = one
  changeLive(one, head, rest)
end

local function dropLive(one)
  live.named[one.name] = false
  if one.stored and not one.changed then
    local gone = live.gone
    gone[#gone + 1] = one.name
  else
    changeLive(one)
  end
end

-- When somebody looks at them: one entry for those of a job of which it is the same second. It stays when they end or are
-- looked at some other time, until its own time comes.
local function addCheck(jobId, index, checkAt)
  local second = floor(checkAt / 1000)
  local found = lastCheck
  if found.second ~= second or found.jobId ~= jobId then
    local ofJob = live.checks[jobId]
    if not ofJob then
      ofJob = {}
      live.checks[jobId] = ofJob
    end
    found = ofJob[second]
    if not found then
      found = { jobId = jobId, second = second, at = checkAt, entry = { jobId } }
      ofJob[second] = found
    end
    lastCheck = found
  end
  local entry = found.entry
  entry[#entry + 1] = index
  if checkAt < found.at then found.at = checkAt end
end

-- The text of a record.
local function liveText(headText, rest, own)
  return packStruct(SIZES, #headText, #rest) .. headText .. rest .. own
end

-- Adds an attempt that nobody looks at any more in this step.
local function writeLive(name, jobId, index, text, checkAt)
  local fields = live.fields
  local n = #fields
  fields[n + 1], fields[n + 2] = name, text
  if checkAt < INF then addCheck(jobId, index, checkAt) end
end

local function writeLives()
  local fields, gone, checks = live.fields, live.gone, live.checks
  for i = 1, #live.changed do
    local one = live.changed[i]
    local named = live.named[one.name]
    if named == one then
      local head = one.head
      fields[#fields + 1] = one.name
      fields[#fields + 1] = liveText(head.text, one.rest.text, ownOf(one))
      if one.checked ~= head.checkAt and head.checkAt < INF then addCheck(one.jobId, one.index, head.checkAt) end
    elseif one.stored and not named then
      gone[#gone + 1] = one.name
    end
  end
  -- First what is gone: a task may have had another attempt adopted since, under the same name.
  for i = 1, #gone, AT_ONCE do
    call('HDEL', live.key, unpack(gone, i, min(i + AT_ONCE - 1, #gone)))
  end
  for i = 1, #fields, AT_ONCE do
    call('HSET', live.key, unpack(fields, i, min(i + AT_ONCE - 1, #fields)))
  end
  for jobId, ofJob in pairs(checks) do
    local job = jobOf(jobId)
    if job then
      for _, found in pairs(ofJob) do setScore(orderedSet('checks:' .. job.route), pack(found.entry), found.at) end
    end
  end
end

-- Entries looked at in one step, and attempts.
live.ENTRIES, live.LOOKS = 64, 1024

-- Takes entries of a route whose time has come: adds those of their attempts that are due, and removes entries of which
-- none will be.
local function collectDue(route, most, found, looks)
  local checks = orderedSet('checks:' .. route)
  local skip = 0
  while true do
    local page = call('ZRANGEBYSCORE', checks.key, '-inf', now, 'WITHSCORES', 'LIMIT', skip, live.ENTRIES)
    for i = 1, #page, 2 do
      local score = tonumber(page[i + 1])
      if looks <= 0 or (#found >= most and score > found.last) then return looks end
      local entry = unpackRecord(page[i])
      local due, later = {}, false
      for j = 2, #entry do
        local one = liveAt(entry[1], entry[j])
        if one and one.head.checkAt <= now then
          if not one.found then
            one.found = true
            found[#found + 1] = one
            found.last = max(found.last, one.head.checkAt)
          end
          due[#due + 1] = one
        elseif one and one.head.checkAt < score + 1000 then
          later = true
        end
      end
      looks = looks - #entry + 1
      if not later then found.entries[#found.entries + 1] = { checks = checks, member = page[i], due = due } end
    end
    if #page < live.ENTRIES * 2 then return looks end
    skip = skip + live.ENTRIES
  end
end

-- Live attempts of these routes whose checkAt has passed, earliest first. They are looked at again after a while.
local function overdueLives(routes, most, snooze)
  local found, looks = { entries = {}, last = -INF }, live.LOOKS
  for _, route in ipairs(routes) do looks = collectDue(route, most, found, looks) end
  table.sort(found, function(a, b)
    if a.head.checkAt ~= b.head.checkAt then return a.head.checkAt < b.head.checkAt end
    return refOf(a) < refOf(b)
  end)
  for i = #found, most + 1, -1 do
    found[i].left = true
    found[i] = nil
  end
  for _, entry in ipairs(found.entries) do
    local left = false
    for _, one in ipairs(entry.due) do left = left or one.left end
    if not left then deleteMember(entry.checks, entry.member) end
  end
  for _, one in ipairs(found) do
    local head = one.head
    changeLive(one, headOf(pack({
      head.tail, head.attempt, head.rank, head.state, head.unknown, head.fencedAt, head.startBy, now + snooze, head.since,
    })))
  end
  return found
end
`
