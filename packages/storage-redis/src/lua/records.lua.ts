/** The records of a step: read when a rule looks at them, and written back if they have changed. */
export const RECORDS: string = String.raw`
shared touched, signaled, gatesByJob, countedGates, parkedMembers, wakes, leases

-- Records of one hash, packed. What was read is kept, to see at the end what has changed. Those of a shelf that is "told" are
-- written only if they were put there: others are looked at for what was changed in them.
local shelves = {}
local function shelf(name, told)
  local made = { name = name, told = told, put = {} }
  shelves[#shelves + 1] = made
  return made
end

-- An exchange keeps what it has unpacked for the next one, by the text that it is of: whoever changes a record changes its
-- text, and then it is unpacked anew. What a step that broke off has left behind is of no text.
local remembered = { count = 0, MOST = 1024, shelves = {} }
function remembered.forget()
  remembered.count, remembered.shelves, remembered.broken = 0, {}, false
  remembered.states, remembered.gates, remembered.blocks = {}, {}, {}
end
remembered.forget()

function remembered.open()
  if remembered.broken or remembered.count > remembered.MOST then remembered.forget() end
  remembered.broken = true
  for i = 1, #shelves do
    local one = shelves[i]
    local kept = remembered.shelves[one.key]
    if not kept then
      kept = { texts = {}, records = {} }
      remembered.shelves[one.key] = kept
    end
    one.kept = kept
  end
end

function remembered.close()
  remembered.broken = false
end

-- What was made of a record goes with it.
function remembered.keep(from, field, text, record)
  local kept = from.kept
  local was = kept.records[field]
  if was == nil then
    remembered.count = remembered.count + 1
  elseif was ~= record then
    remembered.states[was], remembered.gates[was], remembered.blocks[was] = nil, nil, nil
  end
  kept.texts[field], kept.records[field] = text, record
end

local function unpacked(from, field, text)
  if not text then return false end
  local kept = from.kept
  if not kept then return unpackRecord(text) end
  if kept.texts[field] == text then return kept.records[field] end
  local record = unpackRecord(text)
  remembered.keep(from, field, text, record)
  return record
end

anew(function()
  for i = 1, #shelves do
    local one = shelves[i]
    one.key, one.records, one.stored, one.kept = base .. one.name, {}, {}, nil
    if one.told then one.put = {} end
  end
end)

local function get(from, field)
  local record = from.records[field]
  if record == nil then
    local text = call('HGET', from.key, field)
    from.stored[field] = text
    record = unpacked(from, field, text)
    from.records[field] = record
  end
  return record or nil
end

-- Reads several records that are bound to be asked for.
local function expect(from, fields)
  local unknown, seen = {}, {}
  for _, field in ipairs(fields) do
    if from.records[field] == nil and not seen[field] then
      seen[field] = true
      unknown[#unknown + 1] = field
    end
  end
  for i = 1, #unknown, AT_ONCE do
    local last = min(i + AT_ONCE - 1, #unknown)
    local texts = call('HMGET', from.key, unpack(unknown, i, last))
    for j = i, last do
      local text = texts[j - i + 1]
      from.stored[unknown[j]] = text
      from.records[unknown[j]] = unpacked(from, unknown[j], text)
    end
  end
end

local function put(from, field, record)
  if from.records[field] == nil then from.stored[field] = true end
  from.records[field] = record
  from.put[field] = record
end

local function drop(from, field)
  if from.records[field] == nil then from.stored[field] = true end
  from.records[field] = false
  from.put[field] = false
end

local jobShelf = shelf('jobs', true)
local limitShelf = shelf('limits', true)
local listShelf = shelf('lists')
local organizationShelf = shelf('organizations')
local floorShelf = shelf('floors', true)

-- A job is two records: what every exchange changes, by position and with the cursors of its lanes; and all else.
local countsShelf = shelf('counts', true)
local COUNTED = {
  'counts', 'outcomes', 'reasons', 'fenced', 'placed', 'turn', 'lastEvent', 'logged', 'parcels', 'startedAt',
}
local COUNTED_NAMES = {}
for _, name in ipairs(COUNTED) do COUNTED_NAMES[name] = true end
local jobs
anew(function() jobs = {} end)

local function jobOf(id)
  local job = jobs[id]
  if job == nil then
    job = get(jobShelf, id) or false
    jobs[id] = job
    if job then
      local row = get(countsShelf, id)
      for i = 1, #COUNTED do job[COUNTED[i]] = row[i] or nil end
      local cursors, owed = row[#COUNTED + 1], row[#COUNTED + 2]
      for i, lane in ipairs(job.lanes) do
        lane.next, lane.stop, lane.range = cursors[i * 3 - 2] or nil, cursors[i * 3 - 1] or nil, cursors[i * 3]
        lane.owed = owed and owed[i]
      end
    end
  end
  return job or nil
end

-- Whether a job is kept for the next exchange, and what is made of it may be.
local function keptJob(job)
  return jobShelf.kept ~= nil and jobShelf.kept.records[job.id] == job
end

local function addJob(job)
  jobs[job.id] = job
end
local function dropJob(job)
  jobs[job.id] = false
  drop(jobShelf, job.id)
  drop(countsShelf, job.id)
end

-- Jobs of which more has changed than what is counted. Looked at by the exchange only: other steps look at all they have read.
local rewritten
anew(function() rewritten = {} end)
local function rewrite(job)
  rewritten[job.id] = true
end

local function packJobs()
  for id, job in pairs(jobs) do
    if job then
      local row, cursors = {}, {}
      for i = 1, #COUNTED do row[i] = job[COUNTED[i]] or false end
      for i, lane in ipairs(job.lanes) do
        cursors[i * 3 - 2], cursors[i * 3 - 1], cursors[i * 3] = lane.next or false, lane.stop or false, lane.range
      end
      row[#COUNTED + 1] = cursors
      if job.freshShare then
        local owed = {}
        for i, lane in ipairs(job.lanes) do owed[i] = lane.owed or 0 end
        row[#COUNTED + 2] = owed
      end
      put(countsShelf, id, row)
      if rewritten[id] or not given.countsOnly then
        local record = {}
        for name, value in pairs(job) do
          if not COUNTED_NAMES[name] then record[name] = value end
        end
        put(jobShelf, id, record)
      end
    end
  end
end

-- Records by position, which takes half the room of names: limits and live attempts are the many.
local limits
anew(function() limits = {} end)
local function limitOf(key)
  local state = limits[key]
  if not state then
    local row = get(limitShelf, key) or { 0, 'none', 0, 0, 0, 0, 0, 0, false }
    state = remembered.states[row]
    if not state then
      state = {
        key = key, revision = row[1], kind = row[2], a = row[3], b = row[4],
        used = row[5], live = row[6], tat = row[7], spent = row[8], parked = row[9], row = row,
      }
      if limitShelf.kept and limitShelf.kept.records[key] == row then remembered.states[row] = state end
    end
    limits[key] = state
  end
  return state
end

local function packLimits()
  for key, state in pairs(limits) do
    local s, row = state, state.row
    if
      s.used == row[5] and s.live == row[6] and s.tat == row[7] and s.spent == row[8] and s.parked == row[9]
      and s.revision == row[1] and s.a == row[3] and s.b == row[4]
    then
      -- As it was: most limits that a fence asks are.
    elseif s.revision == 0 and s.used == 0 and s.live == 0 and s.tat == 0 and s.spent == 0 and not s.parked then
      if get(limitShelf, key) then drop(limitShelf, key) end
    else
      s.row = { s.revision, s.kind, s.a, s.b, s.used, s.live, s.tat, s.spent, s.parked }
      if limitShelf.kept then remembered.states[s.row] = s end
      put(limitShelf, key, s.row)
    end
  end
end

-- The gates of a job with the limits they name, in the job's order. Those that limit nothing are counted only: their
-- slots are in "free", and what happens to them is added up until "countFree".
anew(function() gatesByJob, countedGates = {}, {} end)
local function makeGates(job)
  local keys = {}
  for _, gate in ipairs(job.gates) do
    keys[#keys + 1] = gate.slots
    keys[#keys + 1] = gate.rate
  end
  expect(limitShelf, keys)
  local gates = { keys = keys, all = {}, tight = {}, free = {}, freed = 0, fenced = 0 }
  for i, gate in ipairs(job.gates) do
    local passed = { gate = gate, slots = limitOf(gate.slots), rate = limitOf(gate.rate) }
    gates.all[i] = passed
    if passed.slots.kind ~= 'none' or passed.rate.kind == 'rate' then
      gates.tight[#gates.tight + 1] = passed
    else
      gates.free[#gates.free + 1] = passed.slots
    end
  end
  if keptJob(job) then remembered.gates[job] = gates end
  return gates
end

-- Whether gates that were made in a step before name the limits as they are now: else they were changed.
local function sameLimits(gates)
  expect(limitShelf, gates.keys)
  local all = gates.all
  for i = 1, #all do
    local passed = all[i]
    if limitOf(passed.gate.slots) ~= passed.slots or limitOf(passed.gate.rate) ~= passed.rate then return false end
  end
  return true
end

local function gatesOf(job)
  local gates = gatesByJob[job.id]
  if not gates then
    gates = remembered.gates[job]
    if not gates or not sameLimits(gates) then gates = makeGates(job) end
    gatesByJob[job.id] = gates
    countedGates[#countedGates + 1] = gates
  end
  return gates
end

local function organizationOf(route, id)
  local field = route .. '\n' .. id
  local entry = get(organizationShelf, field)
  if not entry then
    entry = { weight = 1, turn = 0, floor = 0, aside = false }
    put(organizationShelf, field, entry)
  end
  return entry
end

local function floorOf(route)
  local entry = get(floorShelf, route)
  return entry and entry[1] or 0
end
local function setFloor(route, turn)
  put(floorShelf, route, { turn })
end

local function organizationsOf(route)
  return orderedSet('turns:' .. route)
end
local function jobsOf(route, organization)
  return orderedSet('turns:' .. route .. '\n' .. organization)
end
anew(function() wakes, leases = orderedSet('wakes'), orderedSet('leases') end)
local function dueOf(job, lane)
  return orderedSet('due:' .. job.id .. ':' .. digits(lane))
end

-- Who waits for a limit key. The limit says whether anybody does, so that nobody has to look.
anew(function() parkedMembers = {} end)
local function park(state, waker)
  state.parked = true
  local members = parkedMembers[state.key]
  if not members then
    members = { drained = false, added = {} }
    parkedMembers[state.key] = members
  end
  members.added[waker] = true
end
local function drainParked(state)
  local members = parkedMembers[state.key]
  local drained, seen = {}, {}
  if not (members and members.drained) then
    for _, waker in ipairs(call('SMEMBERS', base .. 'parked:' .. state.key)) do
      drained[#drained + 1] = waker
      seen[waker] = true
    end
  end
  for waker in pairs(members and members.added or {}) do
    if not seen[waker] then drained[#drained + 1] = waker end
  end
  parkedMembers[state.key] = { drained = true, added = {} }
  state.parked = false
  table.sort(drained)
  return drained
end

local function nextTag()
  meta.tags = meta.tags + 1
  return meta.tags
end

local touchedOnce
anew(function() touched, touchedOnce, signaled = {}, {}, {} end)
-- The job's phase or revision changed.
local function changed(job)
  rewrite(job)
  if touchedOnce[job.id] then return end
  touchedOnce[job.id] = true
  touched[#touched + 1] = job
end
-- Something may have become claimable on this route.
local function signal(route)
  signaled[route] = true
end
`
