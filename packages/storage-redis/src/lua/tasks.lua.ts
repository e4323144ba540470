/** The tasks of a job: eight bytes each in strings, and a record for what few tasks have. */
export const TASKS: string = `
-- Eight bytes a task: place, whether it has a record and whether it is redacted; attempts and lane, twelve bits each; and
-- four bytes that hold the tag of its claim, or of an ended one where its last result is and the reason of its end as a
-- number of the job's reasons. Tasks that nothing has happened to have none: zeros stand for them.
local CELL = 8
-- Tasks of one string; of one read; of one hash of records.
local SEGMENT, BUCKET = 4096, 128
local BLOCK = 32
local TAGS, MOST_LANES, MOST_PARCELS = 4294967296, 4096, 16777215
local MOST_ATTEMPTS, MOST_REASONS = 4095, 254
local UNTOUCHED = string.rep(char(0), CELL)

shared cells
local tasksByJob, made, endings, notes
anew(function() tasksByJob, endings, notes = {}, {}, {} end)
local function tasksOf(job)
  local tasks = tasksByJob[job.id]
  if not tasks then
    tasks = { job = job, blocks = {}, records = {}, dirty = {} }
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

-- Cells by their text, and texts by what a change makes of them: most tasks of a step are alike.
anew(function() cells, made = {}, { place = {}, attempts = {}, x = {} } end)

local function cellText(place, has, redacted, attempts, lane, x)
  local middle = attempts * 4096 + lane
  local text = char(
    place + (has and 16 or 0) + (redacted and 32 or 0),
    floor(middle / 65536), floor(middle / 256) % 256, middle % 256,
    floor(x / 16777216), floor(x / 65536) % 256, floor(x / 256) % 256, x % 256
  )
  if not cells[text] then
    cells[text] = { place = place, has = has, redacted = redacted, attempts = attempts, lane = lane, x = x }
  end
  return text
end

local function readCell(text)
  local a, b, c, d, e, f, g, h = byte(text, 1, CELL)
  local middle = b * 65536 + c * 256 + d
  local cell = {
    place = a % 16, has = a % 32 >= 16, redacted = a >= 32, attempts = floor(middle / 4096), lane = middle % 4096,
    x = ((e * 256 + f) * 256 + g) * 256 + h,
  }
  cells[text] = cell
  return cell
end


local function textOf(tasks, index)
  local position = index % BLOCK
  local number = (index - position) / BLOCK
  local block = tasks.blocks[number]
  if not block then
    local from = (number * BLOCK % SEGMENT) * CELL
    block = call('GETRANGE', vectorKey(tasks.job, floor(index / SEGMENT)), from, from + BLOCK * CELL - 1)
    block = { number = number, bytes = block, new = {}, count = 0 }
    tasks.blocks[number] = block
  end
  local text = block.new[position + 1]
  if not text then
    text = sub(block.bytes, position * CELL + 1, position * CELL + CELL)
    if #text < CELL then text = UNTOUCHED end
    if text == UNTOUCHED and #tasks.job.lanes > 0 then
      local lane = tasks.job.lanes[1].lane
      if #tasks.job.lanes > 1 then lane = given.laneOfBlock(tasks, index) end
      if lane > 0 then text = cellText(0, false, false, 0, lane, 0) end
    end
  end
  return text, block, position + 1
end

local function writeCell(tasks, text, block, position)
  if not block.new[position] then
    if block.count == 0 then tasks.dirty[#tasks.dirty + 1] = block end
    block.count = block.count + 1
  end
  block.new[position] = text
end

local function cellOf(tasks, index)
  local text = textOf(tasks, index)
  return cells[text] or readCell(text)
end

-- What a task becomes with another place, another number of attempts, another value.
local function placed(text, place)
  local known = made.place[place]
  if not known then
    known = {}
    made.place[place] = known
  end
  local after = known[text]
  if not after then
    local cell = cells[text] or readCell(text)
    after = cellText(place, cell.has, cell.redacted, cell.attempts, cell.lane, cell.x)
    known[text] = after
  end
  return after
end
local function attempted(text, attempts)
  local known = made.attempts[attempts]
  if not known then
    known = {}
    made.attempts[attempts] = known
  end
  local after = known[text]
  if not after then
    local cell = cells[text] or readCell(text)
    after = cellText(cell.place, cell.has, cell.redacted, attempts, cell.lane, cell.x)
    known[text] = after
  end
  return after
end
local function valued(text, x)
  local known = made.x[x]
  if not known then
    known = {}
    made.x[x] = known
  end
  local after = known[text]
  if not after then
    local cell = cells[text] or readCell(text)
    after = cellText(cell.place, cell.has, cell.redacted, cell.attempts, cell.lane, x)
    known[text] = after
  end
  return after
end

-- What becomes of tasks that are alike when the same happens to them; "known" is a table of its own for each such change.
local function turned(known, text, place, attempts, x)
  local after = known[text]
  if not after then
    local cell = cells[text] or readCell(text)
    after = cellText(place, cell.has, cell.redacted, attempts or cell.attempts, cell.lane, x or cell.x)
    known[text] = after
  end
  return after
end

-- What few tasks have: when it waits until, its memo, its attempts and the reason of its end if a cell cannot say them, and
-- its results: texts, or the numbers of their parcels.
local RESULTS = 4
local function recordOf(tasks, index)
  local record = tasks.records[index]
  if not record then
    local text = cellOf(tasks, index).has and call('HGET', recordsKey(tasks.job, index), index % BUCKET)
    record = { row = text and unpackRecord(text) or { 0, false, 0, false } }
    tasks.records[index] = record
  end
  return record.row
end

local function changeRecord(tasks, index)
  local row = recordOf(tasks, index)
  tasks.records[index].dirty = true
  local text, block, position = textOf(tasks, index)
  local cell = cells[text] or readCell(text)
  if not cell.has then
    writeCell(tasks, cellText(cell.place, true, cell.redacted, cell.attempts, cell.lane, cell.x), block, position)
  end
  return row
end

-- Removes the memo and all results.
local function setRedacted(tasks, index)
  local text, block, position = textOf(tasks, index)
  local cell = cells[text] or readCell(text)
  local keeps = cell.attempts == MOST_ATTEMPTS or cell.x % 256 > MOST_REASONS
  if keeps then
    local row = recordOf(tasks, index)
    tasks.records[index] = { row = { 0, false, row[3], row[4] }, dirty = true }
  elseif cell.has then
    tasks.records[index] = { gone = true }
  end
  writeCell(tasks, cellText(cell.place, keeps, true, cell.attempts, cell.lane, cell.x % 256), block, position)
end

local function placeOf(tasks, index) return cellOf(tasks, index).place end
local function setPlace(tasks, index, place)
  local text, block, position = textOf(tasks, index)
  writeCell(tasks, placed(text, place), block, position)
end
local function setTag(tasks, index, tag)
  local text, block, position = textOf(tasks, index)
  writeCell(tasks, valued(text, tag % TAGS), block, position)
end
local function hasTag(tasks, index, tag) return cellOf(tasks, index).x == tag % TAGS end
local function laneNumber(tasks, index) return cellOf(tasks, index).lane end
local function waitUntilOf(tasks, index) return recordOf(tasks, index)[1] end
local function setWaitUntil(tasks, index, at) changeRecord(tasks, index)[1] = at end
local function memoOf(tasks, index) return cellOf(tasks, index).has and recordOf(tasks, index)[2] or nil end
local function setMemo(tasks, index, memo) changeRecord(tasks, index)[2] = memo end

local function attemptsOf(tasks, index)
  local attempts = cellOf(tasks, index).attempts
  if attempts < MOST_ATTEMPTS then return attempts end
  return recordOf(tasks, index)[3]
end
local function setAttempts(tasks, index, attempts)
  if attempts >= MOST_ATTEMPTS then changeRecord(tasks, index)[3] = attempts end
  local text, block, position = textOf(tasks, index)
  writeCell(tasks, attempted(text, min(attempts, MOST_ATTEMPTS)), block, position)
end

-- The number of a reason among those of a job, from 1. A job of very many reasons has the last of them in records.
local function reasonNumber(job, reason)
  local names = job.reasonNames
  for i = 1, #names do
    if names[i] == reason then return i end
  end
  if #names == MOST_REASONS then return MOST_REASONS + 1 end
  rewrite(job)
  names[#names + 1] = reason
  return #names
end
local function reasonOf(tasks, index)
  local number = cellOf(tasks, index).x % 256
  if number > MOST_REASONS then return recordOf(tasks, index)[4] end
  return tasks.job.reasonNames[number]
end

-- Ends a task. Its last result is in a parcel, or 0: there is none, or its record has it. Answers where it was.
local function setEnd(tasks, index, place, reason, parcel)
  local number = reasonNumber(tasks.job, reason)
  if number > MOST_REASONS then changeRecord(tasks, index)[4] = reason end
  local text, block, position = textOf(tasks, index)
  local from, x = (cells[text] or readCell(text)).place, parcel * 256 + number
  -- A number for each place and value.
  local known = endings[x * 16 + place]
  if not known then
    known = {}
    endings[x * 16 + place] = known
  end
  writeCell(tasks, turned(known, text, place, nil, x), block, position)
  return from
end

local function addResult(tasks, index, result)
  local row = changeRecord(tasks, index)
  row[#row + 1] = result
end
local function lastParcel(tasks, index)
  local cell = cellOf(tasks, index)
  return cell.place >= ENDED and floor(cell.x / 256) or 0
end
local function resultsOf(tasks, index)
  local results = {}
  if cellOf(tasks, index).has then
    local row = recordOf(tasks, index)
    for i = RESULTS + 1, #row do results[i - RESULTS] = row[i] end
  end
  local last = lastParcel(tasks, index)
  if last > 0 then results[#results + 1] = last end
  return results
end
local function setResult(tasks, index, position, result)
  local results = resultsOf(tasks, index)
  if position + 1 > #results then return end
  if position + 1 == #results and lastParcel(tasks, index) > 0 then
    local text, block, at = textOf(tasks, index)
    writeCell(tasks, valued(text, cellOf(tasks, index).x % 256), block, at)
  end
  changeRecord(tasks, index)[RESULTS + 1 + position] = result
end

local function notesKey(job) return base .. 'n:' .. job.id end
local function hasNote(job, told)
  local id = told.ref .. '#' .. told.id
  return notes[id] ~= nil or call('SISMEMBER', notesKey(job), id) == 1
end
-- Remembers a note; false if it was known.
local function noteOnce(job, told)
  if hasNote(job, told) then return false end
  notes[told.ref .. '#' .. told.id] = notesKey(job)
  return true
end

-- The changed cells of a block: those next to each other are one write.
local function writeBlock(key, segmentFrom, block)
  local new = block.new
  local from = (block.number * BLOCK - segmentFrom) * CELL
  if block.count == BLOCK then
    call('SETRANGE', key, from, table.concat(new, '', 1, BLOCK))
    return
  end
  local position = 1
  while position <= BLOCK do
    if new[position] then
      local first = position
      repeat position = position + 1 until not new[position]
      call('SETRANGE', key, from + (first - 1) * CELL, table.concat(new, '', first, position - 1))
    else
      position = position + 1
    end
  end
end

local function writeTasks()
  for _, tasks in pairs(tasksByJob) do
    local job = tasks.job
    for i = 1, #tasks.dirty do
      local block = tasks.dirty[i]
      local segment = floor(block.number * BLOCK / SEGMENT)
      local key, from = vectorKey(job, segment), segment * SEGMENT
      if #block.bytes == 0 then
        -- A string that grows bit by bit would take twice its room.
        local room = min((tasks.upTo or job.counts.total) - from, SEGMENT) * CELL
        if call('STRLEN', key) < room then call('SETRANGE', key, room - 1, char(0)) end
      end
      writeBlock(key, from, block)
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
      elseif record.gone then
        call('HDEL', recordsKey(job, index), index % BUCKET)
      end
    end
    for key, fields in pairs(buckets) do call('HSET', key, unpack(fields)) end
  end
  for id, key in pairs(notes) do call('SADD', key, id) end
end
`
