/** Entries for the ledger, as store/ledger.ts of core has them: kept until whoever was handed them says that they are safe. */
export const LEDGER: string = `
-- Entries are numbered from 0 in the order in which they came. Those of one exchange are one parcel, packed by the client, under the
-- number of its first; a sorted set has of each parcel that number, how many entries count, and the places in it of those that do not.
-- The record has all pages that were handed out and are not forgotten, which follow each other without a gap:
-- { name, from, to, leased until }, the last false once it was acknowledged.
local ledger = { shelf = shelf('handed') }
anew(function() ledger.key = base .. 'ledger' end)
function ledger.parcelKey(first)
  return base .. 'l:' .. digits(first)
end

-- A member of the set: the number of its first entry, and that behind its last; and what is dropped of it.
function ledger.boundsOf(member)
  local first, count, dropped = string.match(member, '^(%d+):(%d+):(.*)$')
  return tonumber(first), first + count, dropped
end

function ledger.add(count, dropped, parcel)
  if count == 0 then return end
  local first = meta.entered
  meta.entered = first + count
  afterwards({ 'ZADD', ledger.key, digits(first), digits(first) .. ':' .. digits(count) .. ':' .. table.concat(dropped, ',') })
  afterwards({ 'SET', ledger.parcelKey(first), parcel })
end
`

/** Removing what they say of a task. */
export const LEDGER_REDACTED: string = `
local PARCELS_LOOKED_AT = 64
-- Some of the parcels there are, from this entry on, or "true".
function ledger.parcels(from)
  local members = call('ZRANGEBYSCORE', ledger.key, digits(from), '+inf', 'LIMIT', 0, PARCELS_LOOKED_AT)
  if #members == 0 then return true end
  for i, member in ipairs(members) do members[i] = ledger.boundsOf(member) end
  return members
end

-- Puts a parcel in the place of what it was made of. Says whether nothing is left to do about it.
function ledger.replace(first, was, parcel)
  local text = call('GET', ledger.parcelKey(first))
  if not text then return true end
  if redis.sha1hex(text) ~= was then return false end
  afterwards({ 'SET', ledger.parcelKey(first), parcel })
  return true
end
`

/** Handing them out. */
export const LEDGER_PAGES: string = `
-- Entries of one page, whatever was asked for.
local MOST_ENTRIES = 1000

local function handedOut()
  local handed = get(ledger.shelf, 'pages')
  if not handed then
    handed = { first = 0, pages = {} }
    put(ledger.shelf, 'pages', handed)
  end
  return handed
end

-- What of which parcels is between two entries, and the parcels.
local function partsOf(from, to)
  local members = call('ZREVRANGEBYSCORE', ledger.key, digits(from), '-inf', 'LIMIT', 0, 1)
  for _, member in ipairs(call('ZRANGEBYSCORE', ledger.key, '(' .. digits(from), '(' .. digits(to))) do
    members[#members + 1] = member
  end
  local parts, parcels = {}, {}
  for i, member in ipairs(members) do
    local first, stop, dropped = ledger.boundsOf(member)
    parts[i] = { max(from - first, 0), min(stop, to) - first, dropped }
    parcels[i] = call('GET', ledger.parcelKey(first))
  end
  return parts, parcels
end

-- Hands out what nobody has, or has had for too long. Oldest first.
function methods.takeLedger()
  local most = min(args.max, MOST_ENTRIES)
  if most < 1 then return nil end
  local handed = handedOut()
  local pages = handed.pages
  local place, from, to = #pages + 1, handed.first, meta.entered
  for i, page in ipairs(pages) do
    if page[4] and page[4] <= now then
      place, from, to = i, page[2], page[3]
      break
    end
    from = page[3]
  end
  if from == to then return nil end
  -- A name never used before, not even by a store that has come back older than it was.
  local name, upTo = digits(nextTag()) .. ':' .. given.nonce, min(to, from + most)
  local known = table.remove(pages, place)
  -- The rest keeps its name: whoever had all of it may still have made it safe.
  if known and upTo < to then table.insert(pages, place, { known[1], upTo, to, known[4] }) end
  table.insert(pages, place, { name, from, upTo, now + args.leaseMs })
  local parts
  parts, given.beside = partsOf(from, upTo)
  return { name, parts }
end

-- Removes the parcels of which no entry is left.
local function forgetBefore(entry)
  local gone, keys = 0, { 'UNLINK' }
  for _, member in ipairs(call('ZRANGEBYSCORE', ledger.key, '-inf', '(' .. digits(entry))) do
    local first, stop = ledger.boundsOf(member)
    if stop <= entry then
      gone = gone + 1
      keys[#keys + 1] = ledger.parcelKey(first)
      if #keys > AT_ONCE then
        afterwards(keys)
        keys = { 'UNLINK' }
      end
    end
  end
  if #keys > 1 then afterwards(keys) end
  if gone > 0 then afterwards({ 'ZREMRANGEBYRANK', ledger.key, 0, gone - 1 }) end
end

-- Forgets what is safe: at once if nothing older is left, else with that.
function methods.acknowledgeLedger()
  local handed = handedOut()
  local pages, first = handed.pages, handed.first
  for _, page in ipairs(pages) do
    if page[1] == args.page then page[1], page[4] = '', false end
  end
  while pages[1] and not pages[1][4] do handed.first = table.remove(pages, 1)[3] end
  for i = #pages, 2, -1 do
    if not pages[i][4] and not pages[i - 1][4] then pages[i - 1][3] = table.remove(pages, i)[3] end
  end
  if handed.first > first then forgetBefore(handed.first) end
  return nil
end
`
