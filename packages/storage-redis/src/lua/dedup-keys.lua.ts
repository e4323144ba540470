/** Which task has a dedup key. */
export const DEDUP_KEYS: string = `
local dedup = { EPOCH = 4294967296 }

-- Dedup keys are in small hashes, which Redis keeps as lists of numbers: a quarter of the room of one large hash. Their
-- number grows with the keys, one at a time, by linear hashing. A key says which batch it came with: those of a discarded
-- one count for nothing, and are written over.
dedup.EACH = 64
function dedup.bucketCount(job)
  return job.keys.size + job.keys.split
end
function dedup.bucketOf(keys, key)
  local hash = tonumber(string.sub(key, -9))
  local bucket = hash % keys.size
  if bucket < keys.split then bucket = hash % (keys.size * 2) end
  return bucket
end
function dedup.keysKey(job, bucket)
  return base .. 'k:' .. job.id .. ':' .. digits(bucket)
end

-- Moves what a new bucket takes over from an old one.
function dedup.splitBucket(job, from, into, keys)
  local moved, kept = {}, {}
  local entries = call('HGETALL', dedup.keysKey(job, from))
  for i = 1, #entries, 2 do
    if dedup.bucketOf(keys, entries[i]) == into then
      moved[#moved + 1] = entries[i]
      moved[#moved + 1] = entries[i + 1]
      kept[#kept + 1] = entries[i]
    end
  end
  for i = 1, #moved, AT_ONCE do
    call('HSET', dedup.keysKey(job, into), unpack(moved, i, min(i + AT_ONCE - 1, #moved)))
  end
  for i = 1, #kept, AT_ONCE do
    call('HDEL', dedup.keysKey(job, from), unpack(kept, i, min(i + AT_ONCE - 1, #kept)))
  end
end

-- Makes room for new keys, and then writes them: a hash that was large once keeps the form of a large one.
function dedup.addKeys(job, keys, values)
  local buckets = job.keys
  if buckets.count == 0 then
    while buckets.size * dedup.EACH < #keys do buckets.size = buckets.size * 2 end
  end
  buckets.count = buckets.count + #keys
  while buckets.count > dedup.EACH * dedup.bucketCount(job) do
    local from, into, size = buckets.split, dedup.bucketCount(job), buckets.size
    local grown = { size = size, split = from + 1 }
    buckets.split = from + 1
    if buckets.split == size then buckets.size, buckets.split = size * 2, 0 end
    afterwards(function() dedup.splitBucket(job, from, into, grown) end)
  end
  local fields = {}
  for i, key in ipairs(keys) do
    local bucket = dedup.bucketOf(buckets, key)
    local list = fields[bucket]
    if not list then
      list = { 'HSET', dedup.keysKey(job, bucket) }
      fields[bucket] = list
    end
    list[#list + 1] = key
    list[#list + 1] = values[i]
    if #list > AT_ONCE then
      afterwards(list)
      fields[bucket] = nil
    end
  end
  for _, command in pairs(fields) do afterwards(command) end
end

function dedup.keyIndex(job, text)
  if not text then return nil end
  local value = tonumber(text)
  local epoch = floor(value / dedup.EPOCH)
  for _, void in ipairs(job.void) do
    if void == epoch then return nil end
  end
  return value % dedup.EPOCH
end

-- Which of these keys are known: the index of the task by position, from 1. A task without a key has a null there.
function dedup.knownKeys(job, keys)
  local buckets, known = {}, {}
  for position, key in ipairs(keys) do
    if key ~= NULL then
      local bucket = dedup.bucketOf(job.keys, key)
      local asked = buckets[bucket]
      if not asked then
        asked = { keys = {}, positions = {} }
        buckets[bucket] = asked
      end
      asked.keys[#asked.keys + 1] = key
      asked.positions[#asked.positions + 1] = position
    end
  end
  for bucket, asked in pairs(buckets) do
    for from = 1, #asked.keys, AT_ONCE do
      local last = min(from + AT_ONCE - 1, #asked.keys)
      for j, text in ipairs(call('HMGET', dedup.keysKey(job, bucket), unpack(asked.keys, from, last))) do
        known[asked.positions[from + j - 1]] = dedup.keyIndex(job, text)
      end
    end
  end
  return known
end
`
