/** Members with a score: a sorted set of Redis, and on top of it what this step has changed. */
export const ORDERED_SET: string = `
local orderedSets
anew(function() orderedSets = {} end)
-- Most are asked for their first member only.
local PAGE = 2

local function orderedSet(name)
  local set = orderedSets[name]
  if not set then
    set = { key = base .. name, added = {}, gone = {}, known = {}, from = 0, at = 1, size = PAGE }
    orderedSets[name] = set
  end
  return set
end

local function setScore(set, member, score)
  set.added[member] = score
  set.gone[member] = nil
  set.dirty = true
end

local function deleteMember(set, member)
  set.added[member] = nil
  set.gone[member] = true
  set.dirty = true
end

local function scoreOf(set, member)
  local score = set.added[member]
  if score then return score end
  if set.gone[member] then return nil end
  local known = set.known[member]
  if known == nil then
    local text = call('ZSCORE', set.key, member)
    known = text and tonumber(text) or false
    set.known[member] = known
  end
  return known or nil
end

-- Lowest score; ties by member.
local function first(set)
  local member, score
  while true do
    if not set.page then
      set.page = call('ZRANGE', set.key, set.from, set.from + set.size - 1, 'WITHSCORES')
      set.at = 1
    end
    local candidate = set.page[set.at]
    if not candidate then
      if #set.page < set.size * 2 then break end
      set.from = set.from + set.size
      set.size = 64
      set.page = nil
    elseif set.added[candidate] or set.gone[candidate] then
      set.at = set.at + 2
    else
      member, score = candidate, tonumber(set.page[set.at + 1])
      break
    end
  end
  for candidate, at in pairs(set.added) do
    if not member or at < score or (at == score and candidate < member) then
      member, score = candidate, at
    end
  end
  return member, score
end

local function isEmpty(set)
  return first(set) == nil
end

-- Time of the earliest; infinity when empty.
local function nextTime(set)
  local _, score = first(set)
  return score or INF
end

-- Removes and returns the earliest if its time is not after now.
local function take(set)
  local member, score = first(set)
  if not member or score > now then return nil end
  deleteMember(set, member)
  return member
end

local function writeOrderedSets()
  for _, set in pairs(orderedSets) do
    if set.dirty then
      local gone, added = {}, {}
      for member in pairs(set.gone) do gone[#gone + 1] = member end
      for member, score in pairs(set.added) do
        added[#added + 1] = score
        added[#added + 1] = member
      end
      for i = 1, #gone, AT_ONCE do
        call('ZREM', set.key, unpack(gone, i, min(i + AT_ONCE - 1, #gone)))
      end
      for i = 1, #added, AT_ONCE do
        call('ZADD', set.key, unpack(added, i, min(i + AT_ONCE - 1, #added)))
      end
    end
  end
end
`
