/** Adding tasks, as store/intake.ts of core has it. */
export const INTAKE: string = `
local loadingShelf = shelf('loading')
-- An open batch that shows no sign of life for so long is given up.
local IDLE = 60000

-- A job that dedupes has no keys before those of its first batch. So who loads that knows all of them, finds the duplicates
-- there, and tells which there are; in the end it tells the keys, in pages. Until then the keys are kept as they came, eight bytes for
-- each task, so that somebody else can go on. Each chunk has a name: who adds another says which was the last one they know.
local function loadedKeys(job)
  return base .. 'r:' .. job.id
end
local function unknownTo(loading)
  if loading.first then return args.after ~= loading.chunk end
  -- Who knows of a chunk, or of none, takes it for the first batch of the job that had its name.
  return args.after ~= nil
end
-- What somebody has to know who goes on.
local function goneThrough(loading)
  if not loading.first then return { false } end
  return { false, loading.seq, loading.chunk, loading.accepted }
end

local function loadingOf(job)
  return job.loading and get(loadingShelf, job.id) or nil
end
local function dropLoading(job)
  job.loading = false
  drop(loadingShelf, job.id)
  afterwards({ 'UNLINK', base .. 'l:' .. job.id, loadedKeys(job) })
end

local function batchesKey(job)
  return base .. 'b:' .. job.id
end
-- The sealed batch with this key, or of this name: { key, batch, first, count, memo }.
local function sealedBatch(job, position, wanted)
  if job.sealed == 0 then return nil end
  for _, text in ipairs(call('LRANGE', batchesKey(job), 0, -1)) do
    local batch = unpackRecord(text)
    if batch[position] == wanted then return batch end
  end
  return nil
end

local function unlink(keys)
  for i = 1, #keys, AT_ONCE do afterwards({ 'UNLINK', unpack(keys, i, min(i + AT_ONCE - 1, #keys)) }) end
end
-- Where those of a batch wait that was to be sealed.
local function waitingKeys(job, loading)
  local keys = {}
  for _, lane in ipairs(loading.lanes) do keys[#keys + 1] = dueOf(job, lane.lane).key end
  return keys
end
local function dropWaiting(job, loading)
  local keys = waitingKeys(job, loading)
  for index = 0, loading.accepted - 1, BUCKET do
    if index % SEGMENT == 0 then keys[#keys + 1] = vectorKey(job, index / SEGMENT) end
    keys[#keys + 1] = recordsKey(job, index)
  end
  unlink(keys)
end

-- Forgets the tasks of an open batch, and their keys.
local function dropBatch(job)
  local loading = loadingOf(job)
  if not loading then return end
  dropBlocks(job, job.counts.total)
  -- Only in a job without other tasks they wait before they are sealed.
  if loading.waiting > 0 then dropWaiting(job, loading) end
  if loading.first then
    local keys = {}
    for page = 0, loading.pages - 1 do keys[#keys + 1] = dedup.pageKey(job, page) end
    unlink(keys)
  elseif job.dedupe and loading.accepted > 0 then
    job.void[#job.void + 1] = loading.epoch
  end
  dropLoading(job)
end

-- A job that can take tasks, or one whose batch of this key has been sealed and only wants to be answered.
local function loadable(jobId, key)
  local job = jobOf(jobId)
  if not job then fail('job_not_found', { jobId = jobId }) end
  local sealed = sealedBatch(job, 1, key)
  if (job.endedAt or job.sweep) and not sealed then
    fail('illegal_transition', { jobId = jobId, state = job.phase.state })
  end
  return job, sealed
end

function methods.openBatch()
  local job, sealed = loadable(args.jobId, args.key)
  if sealed then
    return { sealed[2], sealed[3], sealed[4], sealed[5] }
  end
  local loading = loadingOf(job)
  if loading and loading.batch == args.batch then return { loading.first, loading.seq } end
  if loading and loading.key ~= args.key and now - loading.touchedAt < IDLE then
    fail('batch_busy', { jobId = args.jobId, batch = loading.key })
  end
  dropBatch(job)
  job.loading = true
  job.epoch = job.epoch + 1
  local first = job.dedupe and job.sealed == 0
  put(loadingShelf, job.id, {
    batch = args.batch, key = args.key, touchedAt = now, accepted = 0, seq = -1, lanes = {}, ranges = {},
    epoch = job.epoch - 1, first = first, chunk = '', pages = 0, waiting = 0,
  })
  return { first, -1 }
end

local function loadingBatch()
  local job = jobOf(args.jobId)
  local loading = job and loadingOf(job)
  if not loading or loading.batch ~= args.batch then
    fail('batch_discarded', { jobId = args.jobId, batch = args.batch })
  end
  if job.sweep then fail('illegal_transition', { jobId = args.jobId, state = job.phase.state }) end
  return job, loading
end

function methods.stage()
  local job, loading = loadingBatch()
  local chunk = args.chunk
  if chunk.seq == loading.seq then return { loading.reply, loading.chunk } end
  if chunk.seq ~= loading.seq + 1 then
    fail('sequence_broken', { jobId = args.jobId, seq = chunk.seq, last = loading.seq, batch = args.batch })
  end
  if unknownTo(loading) then return goneThrough(loading) end
  local from = job.counts.total + loading.accepted
  local lane = chunk.lane.lane
  if lane >= MOST_LANES then fail('not_supported', { field = 'lane', most = MOST_LANES }) end
  local chunkKeys = job.dedupe and chunk.keys or {}
  local duplicates, indexes, times = chunk.duplicates or {}, {}, {}
  local index, waits, own = from, next(chunk.later) ~= nil, {}
  dedup.makeRoom(job, #chunkKeys)
  for block = 0, math.ceil(chunk.size / PAYLOADS) - 1 do
    local blockFrom, dropped = index, {}
    for position = block * PAYLOADS, min(chunk.size, (block + 1) * PAYLOADS) - 1 do
      local key = chunkKeys[position + 1]
      local of = key and key ~= NULL and dedup.add(job, key, index, loading.epoch, own, from)
      if of then
        duplicates[#duplicates + 1] = { position, of }
        dropped[#dropped + 1] = digits(position - block * PAYLOADS)
      else
        local notBefore = waits and chunk.later[digits(position)]
        if notBefore and number(notBefore) > now then
          indexes[#indexes + 1], times[#times + 1] = index, number(notBefore)
        end
        index = index + 1
      end
    end
    if index > blockFrom then
      local id = digits(loading.epoch) .. '.' .. digits(chunk.seq) .. '.' .. digits(block) .. '.' .. given.nonce
      addBlock(job, id, blockFrom, index - blockFrom, lane, dropped, ARGV[5 + block])
    end
  end
  local accepted = index - from
  if loading.first then
    afterwards({ 'SETRANGE', loadedKeys(job), digits(from * 8), ARGV[5 + math.ceil(chunk.size / PAYLOADS)] })
  end
  if #indexes > 0 then afterwards({ 'RPUSH', base .. 'l:' .. job.id, pack({ lane, indexes, times }) }) end
  local ranges = loading.ranges
  local last = ranges[#ranges]
  if last and last[1] == lane and last[3] == from then
    last[3] = index
  elseif accepted > 0 then
    ranges[#ranges + 1] = { lane, from, index }
  end
  local has = false
  for _, other in ipairs(loading.lanes) do has = has or other.lane == lane end
  if not has then
    chunk.lane.open = lanes.given(chunk.lane.open)
    table.insert(loading.lanes, chunk.lane)
  end
  loading.accepted = loading.accepted + accepted
  loading.seq = chunk.seq
  loading.touchedAt = now
  loading.reply, loading.chunk = { from, accepted, duplicates }, given.nonce
  return { loading.reply, loading.chunk }
end

-- Keeps pages of the first batch. Answers whether there are more to come.
local function addPages(job, loading)
  if not loading.first then return false end
  loading.touchedAt, loading.pages = now, args.pages
  for i = 5, #ARGV do afterwards({ 'SET', dedup.pageKey(job, args.from + i - 5), ARGV[i] }) end
  return args.from + #ARGV - 4 < args.pages
end

-- Has new tasks come up at these times. Nothing has happened to them before: so it takes less than to have each do so.
local function deferNew(job, loading, lane, indexes, times)
  local tasks, due = tasksOf(job), dueOf(job, lane)
  local after = cellText(DEFERRED, true, false, 0, lane, 0)
  tasks.upTo = job.counts.total + loading.accepted
  for i = 1, #indexes do
    local index, at = indexes[i], times[i]
    local _, block, position = textOf(tasks, index)
    writeCell(tasks, after, block, position)
    tasks.records[index] = { row = { at, false, 0, false }, dirty = true }
    setScore(due, digits(index), at)
  end
  loading.waiting = loading.waiting + #indexes
end

-- Chunks whose tasks are had to wait in one step, while nobody can see them: it takes some microseconds for each task.
local WAITING_AT_ONCE = 1

-- Has those wait that are not to be claimed before a time; in a job that is there already all at once. Answers how many chunks are left.
local function deferLater(job, loading)
  local key, most = base .. 'l:' .. job.id, job.sealed == 0 and WAITING_AT_ONCE or 0
  local chunks = call('LRANGE', key, 0, most - 1)
  for _, text in ipairs(chunks) do deferNew(job, loading, unpack(unpackRecord(text))) end
  if most == 0 or #chunks < most then return 0 end
  loading.touchedAt = now
  afterwards({ 'LTRIM', key, most, -1 })
  return call('LLEN', key) - most
end

function methods.seal()
  local job = jobOf(args.jobId)
  local sealed = job and sealedBatch(job, 2, args.batch)
  if sealed then return { sealed[3], sealed[4], job.revision } end
  local loading
  job, loading = loadingBatch()
  local expected = args.expected
  if loading.accepted ~= expected then
    fail('batch_incomplete', {
      jobId = args.jobId, batch = args.batch, stored = loading.accepted, expected = expected,
    })
  end
  if unknownTo(loading) then return goneThrough(loading) end
  if addPages(job, loading) then return { true } end
  local left = deferLater(job, loading)
  if left > 0 then return { true, left <= WAITING_AT_ONCE } end
  if loading.first then job.keys.pages = args.pages end
  local from = job.counts.total
  for _, lane in ipairs(loading.lanes) do
    if not lanes.laneOf(job, lane.lane) then
      table.insert(job.lanes, {
        lane = lane.lane, name = lane.name, priority = lane.priority, open = lane.open, range = 0, ranges = 0,
      })
    end
  end
  lanes.sort(job)
  job.counts.total = job.counts.total + expected
  job.counts.fresh = job.counts.fresh + expected - loading.waiting
  job.counts.deferred = job.counts.deferred + loading.waiting
  for _, range in ipairs(loading.ranges) do
    lanes.addRange(job, lanes.laneOf(job, range[1]), range[2], range[3])
  end
  dropLoading(job)
  job.sealed = job.sealed + 1
  afterwards({ 'RPUSH', batchesKey(job), pack({ loading.key, args.batch, from, expected, args.memo }) })
  if job.sealed == 1 then
    -- Timers that came due before there was anything to do have waited for this.
    setTimers(job, job.timers)
    log(job, { 'job', job.phase.state, false, job.revision })
  end
  log(job, { 'added', from, expected, loading.key })
  bump(job)
  ready(job)
  settle(job)
  return { from, expected, job.revision }
end
`
