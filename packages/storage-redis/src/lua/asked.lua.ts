/** What an exchange is asked: values one after the other, read where they stand. `exchange-request.ts` writes them. */
export const ASKED_BY_POSITION: string = `
shared R, asked

local function readAsked()
  given.countsOnly = true
  remembered.open()
  R = unpackRecord(ARGV[1])
  asked = {
    channel = R[1], seq = R[2], jobs = {}, shapes = R[4], names = R[5], nameJobs = R[6], nameIndexes = R[7],
    parcels = R[8], reports = R[14], fences = R[15], claims = R[16], skips = R[17], also = {},
    -- Where the first report stands.
    first = 20,
  }
  -- What comes with few reports: by the number of the report.
  for i, number in ipairs(R[18]) do asked.also[number] = R[19][i] end
end

-- What comes next for a task: four values.
local function nextAt(at)
  local terminal, why = R[at], R[at + 1]
  return {
    terminal = terminal, reason = terminal and why, reasons = not terminal and why, waitUntil = R[at + 2],
    memo = R[at + 3],
  }
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
    for i, members in ipairs(R[13]) do
      local list = lists.of(R[12][i])
      list.members = members
      asked.lists[i] = list
      lists.read(list, members)
    end
  end
end
`
