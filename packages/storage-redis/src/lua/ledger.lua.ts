/** Entries for the ledger, as store/ledger.ts of core has them: kept until whoever was handed them says that they are safe. */
export const LEDGER: string = `
-- A list in the order in which they came; the first has the number "first" of the record. Each is a
-- text of the client's: of which task it is, "JOB:INDEX", the end of a line, and what it says. The record has all pages that were
-- handed out and are not forgotten, which follow each other without a gap: { name, from, to, leased until }, the last false
-- once it was acknowledged.
local ledger = { shelf = shelf('handed') }
anew(function() ledger.key, ledger.lines = base .. 'ledger', {} end)
function ledger.add(text)
  local lines = ledger.lines
  lines[#lines + 1] = text
end

function ledger.write()
  local lines = ledger.lines
  for i = 1, #lines, AT_ONCE do
    call('RPUSH', ledger.key, unpack(lines, i, min(i + AT_ONCE - 1, #lines)))
  end
end
`

/** Removing what they say of a task. */
export const LEDGER_REDACTED: string = `
local LOOKED_AT = 256
-- Empties a part of the entries, from this one on, of what they say of a task. Says where to go on, or "true".
function ledger.redact(jobId, index, from)
  local handed = get(ledger.shelf, 'pages')
  local first = handed and handed.first or 0
  from = max(from, first)
  local texts = call('LRANGE', ledger.key, from - first, from - first + LOOKED_AT - 1)
  local named = taskName(jobId, index) .. '\\n'
  for i, text in ipairs(texts) do
    if sub(text, 1, #named) == named and #text > #named then
      afterwards({ 'LSET', ledger.key, from - first + i - 1, named })
    end
  end
  return #texts < LOOKED_AT or from + LOOKED_AT
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

-- Hands out what nobody has, or has had for too long. Oldest first.
function methods.takeLedger()
  local most = min(args.max, MOST_ENTRIES)
  if most < 1 then return nil end
  local handed = handedOut()
  local pages = handed.pages
  local place, from, to = #pages + 1, handed.first, handed.first + call('LLEN', ledger.key)
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
  given.beside = call('LRANGE', ledger.key, from - handed.first, upTo - handed.first - 1)
  return name
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
  if handed.first > first then call('LTRIM', ledger.key, handed.first - first, -1) end
  return nil
end
`
