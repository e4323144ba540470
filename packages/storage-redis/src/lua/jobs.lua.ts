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
  for _, limit in ipairs(new.limits) do setLimit(limit) end
  local job = {
    id = id, organization = new.organization, route = new.route, idempotencyKey = new.idempotencyKey,
    fingerprint = new.fingerprint, weight = new.weight, gates = new.gates, dedupe = new.dedupe, phase = new.phase,
    timers = {}, revision = 1, createdAt = now, lanes = {}, outcomes = {}, reasons = {}, reasonNames = {}, fenced = 0,
    counts = {
      total = 0, fresh = 0, deferred = 0, claimed = 0, active = 0, unknown = 0, succeeded = 0, failed = 0, skipped = 0,
      canceled = 0, expired = 0,
    },
    placed = 0, turn = 0, lastEvent = 0, logged = 1, parcels = 0, sealed = 0, loading = false, epoch = 0, void = {}, keys = { count = 0, size = 1, split = 0 }, ordinal = meta.jobs,
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

-- Removes a job and everything of it.
local function forget(job)
  local id, length = job.id, job.counts.total
  local loading = loadingOf(job)
  if loading then length = length + loading.accepted end
  local keys = { 'UNLINK' }
  local function gone(key)
    keys[#keys + 1] = key
    if #keys > AT_ONCE then
      afterwards(keys)
      keys = { 'UNLINK' }
    end
  end
  for _, kind in ipairs({ 'n:', 'e:', 'l:', 'b:', 'o:', 'x:' }) do gone(base .. kind .. id) end
  for bucket = 0, dedup.bucketCount(job) - 1 do gone(dedup.keysKey(job, bucket)) end
  for _, lane in ipairs(job.lanes) do
    gone(base .. 'due:' .. id .. ':' .. digits(lane.lane))
    gone(rangesKey(job, lane))
  end
  for index = 0, length - 1, SEGMENT do gone(vectorKey(job, index / SEGMENT)) end
  for index = 0, length - 1, BUCKET do
    gone(recordsKey(job, index))
  end
  afterwards(keys)
  dropBlocks(job, 0)
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

function methods.discard()
  local job = jobOf(args.jobId)
  local loading = job and loadingOf(job)
  if not loading or loading.batch ~= args.batch then return nil end
  dropBatch(job)
  settle(job)
  if job.sealed == 0 then forget(job) end
  return nil
end

function methods.purge()
  local job = jobOf(args.jobId)
  if not job then return nil end
  if not job.endedAt then fail('job_not_ended', { jobId = args.jobId, state = job.phase.state }) end
  forget(job)
  return nil
end
`
