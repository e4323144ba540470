import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Numbers reserved for fiction: 555-0100 to 555-0199 of as many area codes as it takes. */
export function fictional(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const area = 201 + Math.floor(i / 100)
    return `+1${area}55501${String(i % 100).padStart(2, '0')}`
  })
}

/** Writes a file of contacts that are all good. */
export function manyContacts(folder: string, count: number): string {
  const lines = fictional(count).map((phone, i) => `${phone},Person ${i}`)
  writeFileSync(join(folder, 'many.csv'), ['phone,name', ...lines, ''].join('\n'))
  return 'many.csv'
}

/** Writes a file with 40 good rows, one of them with a formula for a name, 3 bad ones in two ways, and 2 duplicates. */
export function mixedContacts(folder: string): string {
  const [first = '', second = '', ...others] = fictional(40)
  const lines = [
    'phone,name',
    `${first},"=HYPERLINK(""http://example.com"")"`,
    `${second},"Teapotski, Pumpkin"`,
    '202-555-0100,No Country',
    ...others.map((phone, i) => `${phone},Person ${i}`),
    ',No Number',
    '202-555-0101,No Country Either',
    `${first},Twice`,
    `${second},Twice`,
  ]
  writeFileSync(join(folder, 'mixed.csv'), `${lines.join('\r\n')}\r\n`)
  return 'mixed.csv'
}
