/** What an exchange is asked: values one after the other, read where they stand. `exchange-request.ts` writes them. */
export const ASKED_BY_POSITION: string = `
given.countsOnly = true
local R = unpackRecord(ARGV[1])
local asked = {
  channel = R[1], seq = R[2], jobs = {}, shapes = R[4], names = R[5], nameJobs = R[6], nameIndexes = R[7], parcels = R[8],
  listed = {}, reports = R[13], fences = R[14], claims = R[15],
  skips = R[16],
}
-- Where the first report stands.
asked.first = 17

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
  expect(limitShelf, keys)
  local jobIds = {}
  for i = 1, #asked.names do jobIds[i] = ids[asked.nameJobs[i]] end
  expectLives(asked.names, jobIds, asked.nameIndexes)
  holds.expect(R[10], R[11])
  for _, members in ipairs(R[12]) do
    local list = table.remove(members, 1)
    local listed = {}
    for from = 1, #members, AT_ONCE do
      local last = min(from + AT_ONCE - 1, #members)
      local told = call('SMISMEMBER', base .. 'list:' .. list, unpack(members, from, last))
      for i = 1, #told do listed[members[from + i - 1]] = told[i] == 1 end
    end
    asked.listed[list] = listed
  end
end
`
