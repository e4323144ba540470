/** Something about an account that will keep it from doing its work until somebody repairs it. */
export interface AccountProblem {
  /** What has to be repaired: an option of the adapter (`authToken`), or a part of the request (`from`). */
  readonly field: string
  /** A sentence that says what is wrong and what to do. Never a secret. */
  readonly message: string
}
