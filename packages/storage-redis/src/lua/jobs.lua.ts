/** Jobs made, shown and removed. */
export const JOBS_LUA: string = `
-- A job as the port shows it, with what is kept beside its record.
local function jobView(job)
  local batches = {}
  for i, text in ipairs(job.sealed > 0 and call('LRANGE', batchesKey(job), 0, -1) or {}) do
    local batch = unpackRecord(text)
    batches[i] = { key = batch[1], memo = batch[5] }
  end
  local nextDue = lanes.nextWork(job)
  return {
    job = job,
    spec = job.newSpec or call('HGET', base .. 'specs', job.id),
    batches = batches,
    nextDue = nextDue > now and nextDue < INF and nextDue or false,
  }
end

local function setSpec(job, spec)
  afterwards({ 'HSET', base .. 'specs', job.id, spec })
end

function methods.createJob()
  local new = args.job
  local id = new.id
  if args.idempotency then id = call('HGET', base .. 'idempotency', args.idempotency) or id end
  local known = jobOf(id)
  if known then
    if known.fingerprint ~= new.fingerprint then
      fail('idempotency_conflict', { field = 'idempotencyKey', jobId = id, idempotencyKey = new.idempotencyKey })
    end
    return { jobView(known), true, known.sealed > 0 }
  end
  -- Somebody broke off while removing a job of this name: it has to go first.
  if call('HEXISTS', base .. 'gone', id) == 1 then return nil end
  for _, limit in ipairs(new.limits) do setLimit(limit) end
  local job = {
    id = id, organization = new.organization, route = new.route, idempotencyKey = new.idempotencyKey,
    fingerprint = new.fingerprint, weight = new.weight, gates = new.gates, dedupe = new.dedupe, freshShare = new.freshShare, phase = new.phase,
    timers = {}, revision = 1, createdAt = now, lanes = {}, outcomes = {}, reasons = {}, reasonNames = {}, fenced = 0,
    counts = {
      total = 0, fresh = 0, deferred = 0, claimed = 0, active = 0, unknown = 0, succeeded = 0, failed = 0, skipped = 0,
      canceled = 0, expired = 0,
    },
    placed = 0, turn = 0, lastEvent = 0, logged = 1, parcels = 0, sealed = 0, loading = false, epoch = 0, void = {}, keys = { count = 0, size = 1, split = 0, pages = 0 }, ordinal = meta.jobs,
    idempotency = args.idempotency,
  }
  meta.jobs = meta.jobs + 1
  addJob(job)
  setSpec(job, new.spec)
  afterwards({ 'ZADD', base .. 'order', job.ordinal, id })
  afterwards({ 'ZADD', base .. 'order:' .. job.organization, job.ordinal, id })
  if args.idempotency then afterwards({ 'HSET', base .. 'idempotency', args.idempotency, id }) end
  organizationOf(job.route, job.organization).weight = new.organizationWeight
  setTimers(job, new.timers)
  local view = jobView(job)
  view.spec = new.spec
  return { view, false, false }
end

-- Jobs that are gone, while something of them is still there.
local goneShelf = shelf('gone')
-- Keys removed in one step.
local KEYS_AT_ONCE = 512

-- Removes a job: nobody sees it from here on. What it had goes part by part; see "removeSome".
local function forget(job)
  local id, length = job.id, job.counts.total
  local loading = loadingOf(job)
  local pages = job.keys.pages
  if loading then length, pages = length + loading.accepted, pages + loading.pages end
  local kept = { at = 0, length = length, pages = pages, buckets = dedup.bucketCount(job), keys = {} }
  for _, kind in ipairs({ 'n:', 'e:', 'l:', 'r:', 'b:', 'o:', 'x:', 'm:' }) do kept.keys[#kept.keys + 1] = base .. kind .. id end
  if loading then
    for _, key in ipairs(waitingKeys(job, loading)) do kept.keys[#kept.keys + 1] = key end
  end
  for _, lane in ipairs(job.lanes) do
    kept.keys[#kept.keys + 1] = dueOf(job, lane.lane).key
    kept.keys[#kept.keys + 1] = rangesKey(job, lane)
  end
  put(goneShelf, id, kept)
  unready(job)
  deleteMember(wakes, timerWaker(job))
  deleteMember(wakes, jobWaker(job))
  afterwards({ 'HDEL', base .. 'specs', id })
  afterwards({ 'ZREM', base .. 'order', id })
  afterwards({ 'ZREM', base .. 'order:' .. job.organization, id })
  if job.idempotency then afterwards({ 'HDEL', base .. 'idempotency', job.idempotency }) end
  if job.loading then drop(loadingShelf, id) end
  dropJob(job)
end

-- The key at a place among all that a job had, its blocks apart; nil behind the last.
local function keptKey(job, kept, at)
  if at < #kept.keys then return kept.keys[at + 1] end
  at = at - #kept.keys
  if at < kept.pages then return dedup.pageKey(job, at) end
  at = at - kept.pages
  if at < kept.buckets then return dedup.keysKey(job, at) end
  at = at - kept.buckets
  local segments = math.ceil(kept.length / SEGMENT)
  if at < segments then return vectorKey(job, at) end
  at = at - segments
  if at * BUCKET < kept.length then return recordsKey(job, at * BUCKET) end
  return nil
end

-- Removes some of what a job has left behind. Answers whether there is more.
local function removeSome(id, most)
  local kept = get(goneShelf, id)
  if not kept then return false end
  local job, keys = { id = id }, { 'UNLINK' }
  while #keys <= most do
    local key = keptKey(job, kept, kept.at)
    if not key then break end
    keys[#keys + 1] = key
    kept.at = kept.at + 1
  end
  local done = #keys <= most
  if done then
    local members = call('ZRANGE', blocksKey(job), 0, most - #keys)
    for _, member in ipairs(members) do keys[#keys + 1] = blockKey(job, string.match(member, '^[^:]*')) end
    if #members > 0 then afterwards({ 'ZREM', blocksKey(job), unpack(members) }) end
    done = #keys <= most
  end
  if #keys > 1 then afterwards(keys) end
  if done then drop(goneShelf, id) end
  return not done
end

-- Answers whether something is left to be removed by "purge".
function methods.discard()
  local job = jobOf(args.jobId)
  local loading = job and loadingOf(job)
  if not loading or loading.batch ~= args.batch then return false end
  if job.sealed == 0 then
    forget(job)
    return true
  end
  dropBatch(job)
  settle(job)
  return false
end

-- Is asked again until it answers that nothing is left. What others have left on the way goes, too.
function methods.purge()
  local id = args.jobId
  local job = jobOf(id)
  if job then
    if not job.endedAt then fail('job_not_ended', { jobId = id, state = job.phase.state }) end
    forget(job)
    return true
  end
  if get(goneShelf, id) then return removeSome(id, KEYS_AT_ONCE) or call('HLEN', goneShelf.key) > 1 end
  local other = call('HRANDFIELD', goneShelf.key)
  return other and removeSome(other, KEYS_AT_ONCE) or false
end
`
