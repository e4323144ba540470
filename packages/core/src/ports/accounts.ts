/**
 * Balances with reservations. Amounts are in the account's smallest unit (cents, say), whole numbers.
 *
 * Every method is atomic, and idempotent by `reference`: repeating a call changes nothing more and gives the same answer.
 */
export interface Accounts {
  balance(account: string): Promise<{ available: number; reserved: number } | undefined>
  /** Sets `amount` aside, or refuses when less is available. */
  reserve(account: string, reference: string, amount: number): Promise<'reserved' | 'insufficient'>
  /** Spends `amount` of a reservation (more than was reserved is booked in full) and releases the rest. */
  commit(account: string, reference: string, amount: number): Promise<void>
  /** Gives a reservation back. After a commit, or twice: nothing. */
  release(account: string, reference: string): Promise<void>
}
