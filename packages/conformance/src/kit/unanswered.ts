/** Thrown where an adapter has not answered in time. It is never an answer, as an error of the adapter's may be. */
export class Unanswered extends Error {
  constructor(what: string, ms: number) {
    super(`${what} has not answered within ${ms} ms`)
    this.name = 'Unanswered'
  }
}

/** An answer, or what is made of an error that the adapter has thrown instead. */
export async function orCaught<T, U>(answer: Promise<T>, make: (error: unknown) => U): Promise<T | U> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Unanswered) throw error
    return make(error)
  }
}
