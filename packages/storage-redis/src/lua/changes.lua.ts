/** What a step has changed, written at its end: all of it or, when a rule is broken, nothing. */
export const CHANGES: string = `
-- Ranges of a lane's indexes that follow the one its cursor is in.
shared laterRanges
local function rangesKey(job, lane)
  return base .. 'r:' .. job.id .. ':' .. digits(lane.lane)
end

local spent
-- Other commands that write, done after everything else, or functions that do it.
local function afterwards(command)
  spent[#spent + 1] = command
end

local function writeShelf(from)
  local records, kept = from.told and from.put or from.records, from.kept
  if next(records) == nil then return end
  local fields, gone = {}, {}
  for field, record in pairs(records) do
    local stored = from.stored[field]
    if record then
      local text = pack(record)
      if text ~= stored then
        fields[#fields + 1] = field
        fields[#fields + 1] = text
      end
      if kept then remembered.keep(from, field, text, record) end
    elseif stored then
      gone[#gone + 1] = field
      if kept then kept.texts[field] = nil end
    end
  end
  for i = 1, #fields, AT_ONCE do
    call('HSET', from.key, unpack(fields, i, min(i + AT_ONCE - 1, #fields)))
  end
  for i = 1, #gone, AT_ONCE do
    call('HDEL', from.key, unpack(gone, i, min(i + AT_ONCE - 1, #gone)))
  end
end

local function writeParked()
  for name, members in pairs(parkedMembers) do
    local key = base .. 'parked:' .. name
    if members.drained then call('DEL', key) end
    for waker in pairs(members.added) do call('SADD', key, waker) end
  end
end

-- When time alone may make something claimable.
local function nextWake()
  return min(nextTime(wakes), nextTime(leases))
end
local wakeBefore, signalCounts
anew(function()
  laterRanges, spent, signalCounts = {}, {}, {}
  wakeBefore = nextWake()
end)

-- The signals given on routes so far, those of this step included.
local function signalCount(route)
  local count = signalCounts[route]
  if not count then
    count = tonumber(call('HGET', base .. 'signals', route) or 0) + (signaled[route] and 1 or 0)
    signalCounts[route] = count
  end
  return count
end

-- Tells whoever waits for work, on every client.
local function tellWaiters()
  local news = {}
  for route in pairs(signaled) do
    news[route] = signalCount(route)
    call('HSET', base .. 'signals', route, news[route])
  end
  local wake = nextWake()
  if next(news) or wake < wakeBefore then
    call('PUBLISH', base .. 'news', cjson.encode({ now = digits(now), wake = wake < INF and string.format('%.17g', wake) or '', routes = news }))
  end
end

local function writeChanges()
  logs.write()
  countFree()
  packJobs()
  packLimits()
  writeLives()
  for _, from in ipairs(shelves) do writeShelf(from) end
  writeOrderedSets()
  writeTasks()
  caps.write()
  writeParked()
  for key, ranges in pairs(laterRanges) do call('RPUSH', key, unpack(ranges)) end
  for _, command in ipairs(spent) do
    if type(command) == 'function' then command() else call(unpack(command)) end
  end
  call('SET', base .. 'meta', pack(meta))
  tellWaiters()
end

-- What a rule leaves in "given.beside", long texts, is told beside its answer and not in it: nobody has to look at every byte of it once more.
local function answered(done, answer)
  if done then
    local text = pack({ true, answer == nil and false or answer })
    if not given.beside then return text end
    table.insert(given.beside, 1, text)
    return given.beside
  end
  return pack({ false, answer.outdial, answer.details })
end

-- Reads what a script is asked: an exchange is asked otherwise.
local function readArgs()
  if not given.countsOnly then args = cjson.decode(ARGV[1]) end
end

-- Runs a rule and answers it. A rule checks before it changes anything; what was due by the clock has happened even so.
local function run(rule)
  readArgs()
  local done, answer = pcall(rule)
  if not done and (type(answer) ~= 'table' or not answer.outdial) then error(answer, 0) end
  writeChanges()
  return answered(done, answer)
end

-- Runs a rule that changes nothing.
local function look(rule)
  readArgs()
  local done, answer = pcall(rule)
  if not done and (type(answer) ~= 'table' or not answer.outdial) then error(answer, 0) end
  return answered(done, answer)
end
`
