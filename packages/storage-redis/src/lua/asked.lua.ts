/** What an exchange is asked: values one after the other, read where they stand. `exchange-request.ts` writes them. */
export const ASKED_BY_POSITION: string = `
shared R, asked

local function readAsked()
  given.countsOnly = true
  remembered.open()
  R = unpackRecord(ARGV[1])
  asked = {
    channel = R[1], seq = R[2], jobs = {}, shapes = R[4], names = R[5], nameJobs = R[6], nameIndexes = R[7],
    parcels = R[8], reports = R[14], fences = R[15], claims = R[16], skips = R[17], entries = R[18], enlisted = R[19],
    groups = R[22],
    -- Where the first report stands.
    first = 23,
  }
end

-- What comes next for a task: four values.
local function nextAt(at)
  local terminal, why = R[at], R[at + 1]
  return {
    terminal = terminal, reason = terminal and why, reasons = not terminal and why, waitUntil = R[at + 2],
    memo = R[at + 3],
  }
end

-- Ends of memos that this exchange tells of are kept with their jobs. Those it does not tell of have to be there, or nobody could
-- read its memos: then nothing of it is done.
local function keepEnds()
  local told, relied = R[20], R[21]
  for at = 1, #relied, 2 do
    local job, id = asked.jobs[relied[at]], relied[at + 1]
    if job and call('HEXISTS', base .. 'm:' .. job.id, id) == 0 then fail('memo_unknown') end
  end
  for at = 1, #told, 3 do
    local job = asked.jobs[told[at]]
    if job then afterwards({ 'HSET', base .. 'm:' .. job.id, told[at + 1], told[at + 2] }) end
  end
end

-- Reads together what the exchange is bound to look at.
local function expectAsked()
  local ids, keys = R[3], R[9]
  expect(jobShelf, ids)
  expect(countsShelf, ids)
  for i = 1, #ids do
    local job = jobOf(ids[i])
    asked.jobs[i] = job or false
    for _, gate in ipairs(job and job.gates or {}) do
      keys[#keys + 1] = gate.slots
      keys[#keys + 1] = gate.rate
    end
  end
  local jobIds = {}
  for i = 1, #asked.names do jobIds[i] = ids[asked.nameJobs[i]] end
  expectLives(asked.names, jobIds, asked.nameIndexes)
  holds.keysOf(live.named, keys)
  expect(limitShelf, keys)
  if #R[10] > 0 then asked.holds = holds.expect(R[10], R[9], R[11]) end
  if #R[12] > 0 then
    expect(listShelf, R[12])
    asked.lists = {}
    local before
    for i, members in ipairs(R[13]) do
      local list = lists.of(R[12][i])
      if members == true then members = before end
      before = members
      list.members = members
      asked.lists[i] = list
      lists.read(list, members)
    end
  end
end
`
