import { type Accounts, OutdialError } from '@outdial/core'

interface Account {
  available: number
  reserved: number
  /** By reference: what is set aside, or that it has been settled. */
  readonly entries: Map<string, { amount: number; state: 'reserved' | 'refused' | 'settled' }>
}

/**
 * Balances in memory, in the account's smallest unit. Atomic because JavaScript runs one method at a time; forgotten with
 * the process. A balance may become negative when a commit is higher than its reservation.
 */
export function memoryAccounts(balances: Readonly<Record<string, number>>): Accounts {
  const accounts = new Map<string, Account>()
  for (const [id, available] of Object.entries(balances)) {
    whole(available, `balances.${id}`)
    accounts.set(id, { available, reserved: 0, entries: new Map() })
  }
  return {
    async balance(id) {
      const account = accounts.get(id)
      return account && { available: account.available, reserved: account.reserved }
    },
    async reserve(id, reference, amount) {
      whole(amount, 'amount')
      const account = accounts.get(id)
      if (!account) return 'insufficient'
      const known = account.entries.get(reference)
      if (known) return known.state === 'refused' ? 'insufficient' : 'reserved'
      const enough = amount <= account.available
      account.entries.set(reference, { amount, state: enough ? 'reserved' : 'refused' })
      if (!enough) return 'insufficient'
      account.available -= amount
      account.reserved += amount
      return 'reserved'
    },
    async commit(id, reference, amount) {
      whole(amount, 'amount')
      settle(accounts.get(id), reference, amount)
    },
    async release(id, reference) {
      settle(accounts.get(id), reference, 0)
    },
  }
}

/** Ends a reservation: `spent` of it is gone, the rest available again. Ended before: nothing. */
function settle(account: Account | undefined, reference: string, spent: number): void {
  const entry = account?.entries.get(reference)
  if (!account || entry?.state !== 'reserved') return
  entry.state = 'settled'
  account.reserved -= entry.amount
  account.available += entry.amount - spent
}

function whole(amount: number, field: string): void {
  if (Number.isSafeInteger(amount) && amount >= 0) return
  throw new OutdialError('invalid_options', `${field}: expected a whole number from 0 in the account's smallest unit`, {
    field,
  })
}
