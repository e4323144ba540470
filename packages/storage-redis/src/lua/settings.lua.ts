/** Limits and suppression lists set apart from jobs. */
export const SETTINGS: string = `
-- A long edit comes in parts. If it begins by emptying the list, they are put together aside, and take its place with the last.
function methods.setList()
  local name, edit = args.list, args.edit
  local key = base .. 'list:' .. name
  local into = args.aside and base .. 'aside:' .. args.aside or key
  if edit.clear and not args.aside then call('UNLINK', key) end
  for _, command in ipairs({ { 'SADD', edit.add or {} }, { 'SREM', edit.remove or {} } }) do
    for i = 1, #command[2], AT_ONCE do
      call(command[1], into, unpack(command[2], i, min(i + AT_ONCE - 1, #command[2])))
    end
  end
  if args.more then
    -- Whoever began it may never end it.
    if args.aside then call('PEXPIRE', into, 3600000) end
    return 0
  end
  if args.aside then
    call('UNLINK', key)
    if call('EXISTS', into) == 1 then
      call('PERSIST', into)
      call('RENAME', into, key)
    end
  end
  local entry = get(listShelf, name) or { false, false }
  put(listShelf, name, { edit.asOf or entry[1], edit.maxAgeMs or entry[2] })
  return call('SCARD', key)
end

function methods.setLimits()
  for _, limit in ipairs(args.limits) do setLimit(limit) end
  return nil
end
`
