/** Which task has a dedup key. */
export const DEDUP_KEYS: string = `
local dedup = { EPOCH = 4294967296 }

-- The keys of a job's first batch are in pages, which nobody writes to: see intake/key-table.ts, which makes them. A page is what all
-- its keys are packed, eight bytes each, and then the indexes of their tasks, four bytes each. A key is packed as two numbers: what
-- comes before its last nine digits, and these; the first that there is follows a one, so that leading zeros count.
function dedup.pageKey(job, page)
  return base .. 'k:' .. job.id .. ':p' .. digits(page)
end
function dedup.parts(key)
  if #key < 9 then return 0, tonumber('1' .. key) end
  return tonumber('1' .. sub(key, 1, -10)), tonumber(sub(key, -9))
end

local pageTexts
anew(function() pageTexts = {} end)
local function pageText(job, page)
  local key = dedup.pageKey(job, page)
  local text = pageTexts[key]
  if not text then
    text = call('GET', key)
    pageTexts[key] = text
  end
  return text
end

-- Which task of the first batch has a key; nil if none has.
function dedup.inPages(job, key)
  local pages = job.keys.pages
  if pages == 0 then return nil end
  local high, low = dedup.parts(key)
  local text, packed = pageText(job, low % pages), packStruct('>I4I4', high, low)
  local keys = #text / 12 * 8
  local at = find(text, packed, 1, true)
  while at and at <= keys do
    if at % 8 == 1 then return (unpackStruct('>I4', text, keys + (at - 1) / 2 + 1)) end
    at = find(text, packed, at + 1, true)
  end
  return nil
end

-- Those of later batches are in small hashes, which Redis keeps as lists of numbers: a quarter of the room of one large hash. Their
-- number grows with the keys, one at a time, by linear hashing. A key says which batch it came with: those of a discarded
-- one count for nothing, and are written over.
dedup.EACH = 64
function dedup.bucketCount(job)
  return job.keys.size + job.keys.split
end
function dedup.bucketOf(keys, key)
  local hash = tonumber(sub(key, -9))
  local bucket = hash % keys.size
  if bucket < keys.split then bucket = hash % (keys.size * 2) end
  return bucket
end
function dedup.keysKey(job, bucket)
  return base .. 'k:' .. job.id .. ':' .. digits(bucket)
end

-- Moves what a new bucket takes over from an old one.
function dedup.splitBucket(job, from, into, buckets)
  local moved, gone, n = {}, {}, 0
  local entries = call('HGETALL', dedup.keysKey(job, from))
  for i = 1, #entries, 2 do
    local key = entries[i]
    if tonumber(sub(key, -9)) % buckets == into then
      n = n + 1
      gone[n], moved[n * 2 - 1], moved[n * 2] = key, key, entries[i + 1]
    end
  end
  for i = 1, #moved, AT_ONCE do
    call('HSET', dedup.keysKey(job, into), unpack(moved, i, min(i + AT_ONCE - 1, #moved)))
  end
  for i = 1, #gone, AT_ONCE do
    call('HDEL', dedup.keysKey(job, from), unpack(gone, i, min(i + AT_ONCE - 1, #gone)))
  end
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

-- Which task has a key; nil if none has.
function dedup.find(job, key)
  local bucket = dedup.keysKey(job, dedup.bucketOf(job.keys, key))
  return dedup.inPages(job, key) or dedup.keyIndex(job, call('HGET', bucket, key))
end

-- Room for so many keys, if they are the first.
function dedup.makeRoom(job, count)
  local buckets = job.keys
  if buckets.count > 0 then return end
  while buckets.size * dedup.EACH < count do buckets.size = buckets.size * 2 end
end

-- Adds the key of a task of a batch, at once: so the keys after it see it. Answers nil, or which task has it already. "own"
-- are those of this step, which begin with the task "from": whatever else is said to be there is of a step that broke off.
function dedup.add(job, key, index, epoch, own, from)
  local buckets, before = job.keys, dedup.inPages(job, key)
  if before then return before end
  if buckets.count >= dedup.EACH * dedup.bucketCount(job) then
    local from, into, size = buckets.split, dedup.bucketCount(job), buckets.size
    buckets.split = from + 1
    dedup.splitBucket(job, from, into, size * 2)
    if buckets.split == size then buckets.size, buckets.split = size * 2, 0 end
  end
  local bucket, value = dedup.keysKey(job, dedup.bucketOf(buckets, key)), digits(epoch * dedup.EPOCH + index)
  if call('HSETNX', bucket, key, value) == 1 then
    buckets.count = buckets.count + 1
    own[key] = index
    return nil
  end
  local text = call('HGET', bucket, key)
  local of = dedup.keyIndex(job, text)
  if of and (own[key] or of < from or floor(tonumber(text) / dedup.EPOCH) ~= epoch) then return of end
  call('HSET', bucket, key, value)
  own[key] = index
  return nil
end
`
