/** One exchange, as store/exchange.ts of core has it, and its replay. */
export const EXCHANGE_LUA: string = `
-- A channel that has said nothing for so long is not coming back.
local CHANNEL_IDLE = 26 * 3600000

-- What reports that count bring for the ledger and for lists: the numbers of the reports whose entries are in the parcel behind those of
-- results; and the number of the report, of the list and of who is put on it, until when and why.
local function applyAlso(letters)
  local entries, enlisted, dropped = asked.entries, asked.enlisted, {}
  for i = 1, #entries do
    if letters[entries[i]] ~= 'a' then dropped[#dropped + 1] = digits(i - 1) end
  end
  ledger.add(#entries - #dropped, dropped, ARGV[5 + #asked.parcels])
  for i = 1, #enlisted, 5 do
    local list = asked.lists[enlisted[i + 1]]
    if letters[enlisted[i]] == 'a' then
      lists.enlist(list, list.members[enlisted[i + 2]], enlisted[i + 3], enlisted[i + 4])
    end
  end
end

-- Reports as one letter each, or true when all of them were applied.
local function applyReports(at)
  local letters, all = {}, true
  for i = 1, asked.reports do
    local applied
    applied, at = report[R[at]](at + 1)
    letters[i] = applied and 'a' or 's'
    all = all and applied
  end
  applyAlso(letters)
  return all or table.concat(letters), at
end

local function exchange()
  local key, seq = base .. 'channel:' .. asked.channel, asked.seq
  local text = call('GET', key)
  local last
  if text then
    local colon = find(text, ':', 1, true)
    last = tonumber(sub(text, 1, colon - 1))
    if last == seq then return { replay = sub(text, colon + 1) } end
  end
  -- A shard is not told of every exchange: what counts them all is another.
  if last and (seq < last or not asked.skips and seq ~= last + 1) or not last and seq < 1 then
    fail('sequence_broken', { channel = asked.channel, seq = seq, last = last or false })
  end
  expectAsked()
  keepEnds()
  tick()
  local reports, at = applyReports(asked.first)
  countFree()
  local fences = { given.nonce }
  for _ = 1, asked.fences do at = fence(at, fences) end
  countFree()
  local claimed, news = {}, {}
  for i = 0, asked.claims - 1 do claim(R[at + i * 3], R[at + i * 3 + 1], R[at + i * 3 + 2], claimed) end
  for i = 0, asked.claims - 1 do news[i + 1] = { R[at + i * 3], signalCount(R[at + i * 3]) } end
  local changes = {}
  for i, job in ipairs(touched) do changes[i] = { job.id, job.phase.state, job.phase.reason or false, job.revision } end
  afterwards(writeParcels)
  lists.writeEnlisted()
  return { now, reports, fences, claimed, changes, nextWake(), news }
end

-- The reply of an exchange is kept as it is sent.
local function converse()
  readAsked()
  local replay, text
  local answer = run(function()
    local told = exchange()
    replay = told.replay
    if replay then fail('replay') end
    text = pack({ true, told })
    afterwards({ 'SET', base .. 'channel:' .. asked.channel, digits(asked.seq) .. ':' .. text, 'PX', CHANNEL_IDLE })
    return nil
  end)
  remembered.close()
  return replay or text or answer
end
`
