import type { PreflightReason } from '@outdial/core'

/** Which one it is, of several of a kind, where that is not an internal name. */
export function ofWords({ code, of = '' }: Pick<PreflightReason, 'code' | 'of'>): string {
  if (code === 'suppressed' || code === 'list_stale') return listWords(of)
  if (code === 'money') return moneyWords(of)
  return code === 'cap' || code === 'cooldown' ? '' : of
}

function listWords(list: string): string {
  const [, kind, ...id] = list.split(':')
  if (kind === 'everything') return "everybody's list"
  return kind === 'job' ? "the campaign's list" : `the list of ${id.join(':')}`
}

function moneyWords(key: string): string {
  if (key.startsWith('money:organization:')) return 'a day of the organization'
  return key.endsWith(':day') ? 'a day of the campaign' : 'the campaign'
}
