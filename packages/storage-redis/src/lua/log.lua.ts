/** The event log of a job: one entry for all that a step tells of it. */
export const LOG: string = `
local logs = {}
anew(function() logs.jobs, logs.own = {}, {} end)
-- Events of one entry: a long one has to be read whole.
local LONGEST = 512

local function logOf(job)
  local own = logs.own[job.id]
  if not own then
    own = { job = job, entries = {}, length = LONGEST }
    logs.own[job.id] = own
    logs.jobs[#logs.jobs + 1] = own
  end
  if own.length >= LONGEST then
    own.entry, own.length, own.run = { now }, 0, nil
    own.entries[#own.entries + 1] = { first = job.lastEvent + 1, own.entry }
  end
  return own
end

-- Adds an event: its type and then its facts, by position; false for one that is not there.
local function log(job, data)
  local own = logOf(job)
  job.lastEvent = job.lastEvent + 1
  own.length = own.length + 1
  own.entry[#own.entry + 1] = data
  own.run = nil
end

-- What is the same in events that follow each other is told once: these begin with it, and then comes each with its own.

-- Calls fenced: their index and choice each.
local function logFenced(job, index, choice, tail, startAt, memo)
  local own = logOf(job)
  job.lastEvent = job.lastEvent + 1
  own.length = own.length + 1
  local run = own.run
  if not run or run[1] ~= 'fences' or run[2] ~= tail or run[3] ~= startAt or run[4] ~= memo then
    run = { 'fences', tail, startAt, memo }
    own.run = run
    own.entry[#own.entry + 1] = run
  end
  local n = #run
  run[n + 1], run[n + 2] = index, choice
end

-- Calls that get on or end: of each step its index, and the state it is in now; or true where it was closed and its task has ended,
-- which are two events. How it ended stands before all of them, if any did.
local function stepsOf(own, tail)
  local run = own.run
  if run and run[1] == 'steps' and run[2] == tail then return run end
  run = { 'steps', tail, false }
  own.run = run
  own.entry[#own.entry + 1] = run
  return run
end
function logs.gotOn(job, index, tail, state)
  local own = logOf(job)
  job.lastEvent = job.lastEvent + 1
  own.length = own.length + 1
  local run = stepsOf(own, tail)
  local n = #run
  run[n + 1], run[n + 2] = index, state
end
local function logEnded(job, index, tail, parcel, placed, outcome, terminal, reason)
  local own = logOf(job)
  job.lastEvent = job.lastEvent + 2
  own.length = own.length + 2
  local run = stepsOf(own, tail)
  local how = run[3]
  if
    how and (how[1] ~= parcel or how[2] ~= placed or how[3] ~= outcome or how[4] ~= terminal or how[5] ~= reason)
  then
    own.run = nil
    run, how = stepsOf(own, tail), false
  end
  if not how then run[3] = { parcel, placed, outcome, terminal, reason } end
  local n = #run
  run[n + 1], run[n + 2] = index, true
end

-- The first event of an entry, which stands behind what says that it is two values.
function logs.first(text)
  local _, first = unpackOne(text, 1)
  return first
end
function logs.key(job)
  return base .. 'e:' .. job.id
end

-- The entry in which an event is, by position, or of those after it the first; as many as there are if there is none.
function logs.find(key, count, seq)
  local low, high = 0, count
  while low < high do
    local middle = floor((low + high) / 2)
    if logs.first(call('LINDEX', key, middle)) <= seq then low = middle + 1 else high = middle end
  end
  return max(low - 1, 0)
end

-- Forgets the oldest entries, now and then, and none that has an event to be kept.
local function trim(job, key)
  local from = logs.find(key, call('LLEN', key), job.lastEvent - given.keepEvents + 1)
  if from == 0 then return end
  call('LTRIM', key, from, -1)
  job.logged = logs.first(call('LINDEX', key, 0))
end

function logs.write()
  for i = 1, #logs.jobs do
    local own = logs.jobs[i]
    local job, key, texts = own.job, logs.key(own.job), {}
    if jobOf(job.id) then
      for j, entry in ipairs(own.entries) do texts[j] = pack({ entry.first, entry[1] }) end
      for j = 1, #texts, AT_ONCE do call('RPUSH', key, unpack(texts, j, min(j + AT_ONCE - 1, #texts))) end
      if job.lastEvent - job.logged >= given.keepEvents * 1.125 + 16 then trim(job, key) end
    end
  end
end
`
