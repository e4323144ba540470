/** Payloads, in blocks that the client has packed and unpacks: here nobody looks into them. */
export const PAYLOADS: string = `
local function blocksKey(job)
  return base .. 'c:' .. job.id
end
local function blockKey(job, id)
  return base .. 'p:' .. job.id .. ':' .. id
end

-- Payloads of one block. The client knows it too.
local PAYLOADS = 256

-- A block is found by the index of its first task: its id, how many tasks it has, their lane, and which positions are
-- duplicates.
local function addBlock(job, id, from, count, lane, dropped, bytes)
  local member = id .. ':' .. digits(count) .. ':' .. digits(lane) .. ':' .. table.concat(dropped, ',')
  afterwards({ 'ZADD', blocksKey(job), digits(from), member })
  afterwards({ 'SET', blockKey(job, id), bytes })
end

local function blockOf(tasks, index)
  local block = tasks.block or remembered.blocks[tasks.job]
  tasks.block = block
  if not block or index < block.from or index >= block.stop then
    local found = call('ZREVRANGEBYSCORE', blocksKey(tasks.job), index, '-inf', 'WITHSCORES', 'LIMIT', 0, 1)
    if not found[1] then return nil end
    local id, count, lane, dropped = string.match(found[1], '^([^:]*):([^:]*):([^:]*):(.*)$')
    local from = tonumber(found[2])
    block = { id = id, from = from, stop = from + tonumber(count), lane = tonumber(lane), dropped = {} }
    for position in string.gmatch(dropped, '[^,]+') do block.dropped[#block.dropped + 1] = tonumber(position) end
    tasks.block = block
    -- What is sealed stays where it is.
    if block.stop <= tasks.job.counts.total and keptJob(tasks.job) then remembered.blocks[tasks.job] = block end
  end
  return block
end

local function laneOfBlock(tasks, index)
  local block = blockOf(tasks, index)
  return block and block.lane or 0
end

-- Which block has the payload of a task, and at which position; nil once it was removed.
local function payloadAt(tasks, index, cell)
  if (cell or cellOf(tasks, index)).redacted then return nil end
  local block = tasks.block
  if not block or index < block.from or index >= block.stop then block = blockOf(tasks, index) end
  if not block then return nil end
  local position, dropped = index - block.from, block.dropped
  for i = 1, #dropped do
    if dropped[i] <= position then position = position + 1 end
  end
  return block.id, position
end

anew(function() given.laneOfBlock = laneOfBlock end)

-- Removes the blocks of tasks from an index on.
local function dropBlocks(job, from)
  local keys = { 'UNLINK' }
  for _, member in ipairs(call('ZRANGEBYSCORE', blocksKey(job), digits(from), '+inf')) do
    keys[#keys + 1] = blockKey(job, string.match(member, '^[^:]*'))
    if #keys > AT_ONCE then
      afterwards(keys)
      keys = { 'UNLINK' }
    end
  end
  if #keys > 1 then afterwards(keys) end
  afterwards({ 'ZREMRANGEBYSCORE', blocksKey(job), digits(from), '+inf' })
end
`
