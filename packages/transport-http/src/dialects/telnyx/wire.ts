import * as z from 'zod'

/** The type of resource that all of this is about, as back ends name it. */
export const PHONE_NUMBER = 'phonenumber'

/** What is kept with each item of a job: the number as it was when the job was made, and by which key it was named. */
export const itemFacts = z.object({ phone_number: z.string(), given: z.enum(['id', 'phone_number']) })

/** A number that a request is for. */
export interface Selected {
  id: string
  phone: string
  given: 'id' | 'phone_number'
}

/** The same as an entry of an operations job: found by its id, which stays what it is. */
export function entryOf({ id, phone, given }: Selected): { entry: string; facts: z.infer<typeof itemFacts> } {
  return { entry: id, facts: { phone_number: phone, given } }
}
