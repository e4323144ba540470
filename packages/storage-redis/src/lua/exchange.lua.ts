/** One exchange, as store/exchange.ts of core has it, and its replay. */
export const EXCHANGE_LUA: string = `
-- A channel that has said nothing for so long is not coming back.
local CHANNEL_IDLE = 26 * 3600000

-- Reads together what the exchange is bound to look at.
local function expectExchange()
  local ids, names = {}, {}
  for _, told in ipairs(args.reports) do
    local name = told.ref or told.claim
    local colon = string.find(name, ':', 1, true) or #name + 1
    ids[#ids + 1] = string.sub(name, 1, colon - 1)
    if told.ref then names[#names + 1] = string.sub(name, 1, (string.find(name, ':', colon + 1, true) or 1) - 1) end
  end
  local keys = {}
  for _, wanted in ipairs(args.fences) do
    ids[#ids + 1] = string.sub(wanted.claim, 1, (string.find(wanted.claim, ':', 1, true) or 1) - 1)
    for _, hold in ipairs(wanted.all) do keys[#keys + 1] = hold.limit or hold.key end
    for _, choices in ipairs(wanted.anyOf) do
      for _, hold in ipairs(choices) do keys[#keys + 1] = hold.limit or hold.key end
    end
  end
  expect(jobShelf, ids)
  expect(liveShelf, names)
  expect(limitShelf, keys)
end

local function exchange()
  local key, seq = base .. 'channel:' .. args.channel, args.seq
  local text = call('GET', key)
  local last
  if text then
    local colon = string.find(text, ':', 1, true)
    last = tonumber(string.sub(text, 1, colon - 1))
    if last == seq then return { replay = string.sub(text, colon + 1) } end
  end
  -- A shard is not told of every exchange: what counts them all is another.
  if last and (seq < last or not args.skips and seq ~= last + 1) or not last and seq < 1 then
    fail('sequence_broken', { channel = args.channel, seq = seq, last = last or false })
  end
  expectExchange()
  tick()
  local reports, fences, claimed = {}, {}, {}
  for i, told in ipairs(args.reports) do reports[i] = report[told.kind](told) end
  for i, wanted in ipairs(args.fences) do fences[i] = fence(wanted) end
  for _, wanted in ipairs(args.claims) do claim(wanted, claimed) end
  local jobs = {}
  for i, job in ipairs(touched) do jobs[i] = { job.id, job.phase.state, job.phase.reason or false, job.revision } end
  local news = {}
  for i, wanted in ipairs(args.claims) do news[i] = { wanted.route, signalCount(wanted.route) } end
  return { now, reports, fences, claimed, jobs, nextWake(), news }
end

-- The reply of an exchange is kept as it is sent.
local function converse()
  local replay
  local answer = run(function()
    local told = exchange()
    replay = told.replay
    if replay then fail('replay') end
    afterwards({
      'SET', base .. 'channel:' .. args.channel, digits(args.seq) .. ':' .. pack({ true, told }), 'PX', CHANNEL_IDLE,
    })
    return told
  end)
  return replay or answer
end
`
