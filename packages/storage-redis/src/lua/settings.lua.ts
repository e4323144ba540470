/** Limits and suppression lists set apart from jobs. */
export const SETTINGS: string = `
function methods.setList()
  local name, edit = args.list, args.edit
  local entry = get(listShelf, name) or { false, false }
  put(listShelf, name, { edit.asOf or entry[1], edit.maxAgeMs or entry[2] })
  local key = base .. 'list:' .. name
  if edit.clear then call('UNLINK', key) end
  for _, command in ipairs({ { 'SADD', edit.add or {} }, { 'SREM', edit.remove or {} } }) do
    for i = 1, #command[2], AT_ONCE do
      call(command[1], key, unpack(command[2], i, min(i + AT_ONCE - 1, #command[2])))
    end
  end
  return call('SCARD', key)
end

function methods.setLimits()
  for _, limit in ipairs(args.limits) do setLimit(limit) end
  return nil
end
`
