/** Fictional people: the range that is reserved for them. */
const phone = (i: number): string => `+1202555${String(100 + i).padStart(4, '0')}`
export const people = (count: number): { phone: string; name: string }[] =>
  Array.from({ length: count }, (_, i) => ({ phone: phone(i), name: `Person ${i}` }))

/** Caller ids: the first organization has the first two, the second one the third. */
export const CALLER_IDS = ['+13035550100', '+13035550101', '+13035550102'] as const

/** Phone numbers in the inventory of each organization. */
export const NUMBERS = {
  acme: ['+14155550100', '+14155550101', '+14155550102'],
  globex: ['+14155550150', '+14155550151'],
} as const
