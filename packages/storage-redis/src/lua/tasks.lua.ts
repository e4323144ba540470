/** The tasks of a job: eight bytes each in strings, and a record for what few tasks have. */
export const TASKS: string = `
-- Eight bytes a task: place, whether it has a record and whether it is redacted; attempts and lane, twelve bits each; and four bytes that hold
-- the tag of its claim, or the reason of its end as a number of the job's reasons.
local CELL = 8
-- Tasks of one string; of one read; of one hash of records.
local SEGMENT, BLOCK, BUCKET = 4096, 32, 128
local TAGS = 4294967296
local byte, char = string.byte, string.char

local tasksByJob = {}
local function tasksOf(job)
  local tasks = tasksByJob[job.id]
  if not tasks then
    tasks = { job = job, cells = {}, blocks = {}, records = {} }
    tasksByJob[job.id] = tasks
  end
  return tasks
end

local function vectorKey(job, segment)
  return base .. 'v:' .. job.id .. ':' .. digits(segment)
end
local function recordsKey(job, index)
  return base .. 't:' .. job.id .. ':' .. digits(floor(index / BUCKET))
end

local function cellOf(tasks, index)
  local cell = tasks.cells[index]
  if not cell then
    local block = floor(index / BLOCK)
    local bytes = tasks.blocks[block]
    if not bytes then
      local from = (block * BLOCK % SEGMENT) * CELL
      bytes = call('GETRANGE', vectorKey(tasks.job, floor(index / SEGMENT)), from, from + BLOCK * CELL - 1)
      tasks.blocks[block] = bytes
    end
    local at = (index % BLOCK) * CELL
    local a, b, c, d, e, f, g, h = byte(bytes, at + 1, at + CELL)
    if not a then a, b, c, d, e, f, g, h = 0, 0, 0, 0, 0, 0, 0, 0 end
    local middle = b * 65536 + c * 256 + d
    cell = {
      place = a % 16,
      has = a % 32 >= 16,
      redacted = a >= 32,
      attempts = floor(middle / 4096),
      lane = middle % 4096,
      x = ((e * 256 + f) * 256 + g) * 256 + h,
    }
    tasks.cells[index] = cell
  end
  return cell
end

local function cellBytes(cell)
  local middle, x = cell.attempts * 4096 + cell.lane, cell.x
  return char(
    cell.place + (cell.has and 16 or 0) + (cell.redacted and 32 or 0),
    floor(middle / 65536), floor(middle / 256) % 256, middle % 256,
    floor(x / 16777216), floor(x / 65536) % 256, floor(x / 256) % 256, x % 256
  )
end

local function change(tasks, index)
  local cell = cellOf(tasks, index)
  cell.dirty = true
  return cell
end

-- What few tasks have: when it waits until, its memo, and its results from the third position on.
local function recordOf(tasks, index)
  local record = tasks.records[index]
  if not record then
    if cellOf(tasks, index).has then
      local text = call('HGET', recordsKey(tasks.job, index), index % BUCKET)
      record = { row = text and unpackRecord(text) or { 0, false } }
    else
      record = { row = { 0, false } }
    end
    tasks.records[index] = record
  end
  return record.row
end

local function changeRecord(tasks, index)
  local row = recordOf(tasks, index)
  tasks.records[index].dirty = true
  change(tasks, index).has = true
  return row
end

local function placeOf(tasks, index) return cellOf(tasks, index).place end
local function setPlace(tasks, index, place) change(tasks, index).place = place end
local function attemptsOf(tasks, index) return cellOf(tasks, index).attempts end
local function setAttempts(tasks, index, attempts) change(tasks, index).attempts = attempts end
local function setTag(tasks, index, tag) change(tasks, index).x = tag % TAGS end
local function hasTag(tasks, index, tag) return cellOf(tasks, index).x == tag % TAGS end
local function laneNumber(tasks, index) return cellOf(tasks, index).lane end
local function waitUntilOf(tasks, index) return recordOf(tasks, index)[1] end
local function setWaitUntil(tasks, index, at) changeRecord(tasks, index)[1] = at end
local function memoOf(tasks, index) return recordOf(tasks, index)[2] or nil end
local function setMemo(tasks, index, memo) changeRecord(tasks, index)[2] = memo end


local function reasonOf(tasks, index)
  return tasks.job.reasonNames[cellOf(tasks, index).x]
end
local function setReason(tasks, index, reason)
  local names = tasks.job.reasonNames
  local number = 0
  for i, name in ipairs(names) do
    if name == reason then number = i end
  end
  if number == 0 then
    number = #names + 1
    names[number] = reason
  end
  change(tasks, index).x = number
end

local function addResult(tasks, index, result)
  local row = changeRecord(tasks, index)
  row[#row + 1] = result
end
local function setResult(tasks, index, position, result)
  local row = recordOf(tasks, index)
  if position + 3 <= #row then changeRecord(tasks, index)[position + 3] = result end
end
local function resultsOf(tasks, index)
  local row, results = recordOf(tasks, index), {}
  for i = 3, #row do results[i - 2] = row[i] end
  return results
end

local notes = {}
-- Remembers a note; false if it was known.
local function noteOnce(tasks, id)
  local key = base .. 'n:' .. tasks.job.id
  if notes[id] or call('SISMEMBER', key, id) == 1 then return false end
  notes[id] = key
  return true
end

local function writeTasks()
  for _, tasks in pairs(tasksByJob) do
    local job = tasks.job
    local indexes = {}
    for index, cell in pairs(tasks.cells) do
      if cell.dirty then indexes[#indexes + 1] = index end
    end
    table.sort(indexes)
    -- Consecutive tasks are one write.
    local i = 1
    while i <= #indexes do
      local from, bytes = indexes[i], {}
      repeat
        bytes[#bytes + 1] = cellBytes(tasks.cells[indexes[i]])
        i = i + 1
      until i > #indexes or indexes[i] ~= from + #bytes or indexes[i] % SEGMENT == 0
      call('SETRANGE', vectorKey(job, floor(from / SEGMENT)), (from % SEGMENT) * CELL, table.concat(bytes))
    end
    local buckets = {}
    for index, record in pairs(tasks.records) do
      if record.dirty then
        local key = recordsKey(job, index)
        local fields = buckets[key]
        if not fields then
          fields = {}
          buckets[key] = fields
        end
        fields[#fields + 1] = index % BUCKET
        fields[#fields + 1] = pack(record.row)
      end
    end
    for key, fields in pairs(buckets) do call('HSET', key, unpack(fields)) end
  end
  for id, key in pairs(notes) do call('SADD', key, id) end
end
`
