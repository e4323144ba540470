import { digest } from '../../frame/digest.js'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** An organization's id as a UUID: the same one each time. Version 8, which is for those that are made in ways of one's own. */
export async function partnerSidOf(organization: string): Promise<string> {
  if (UUID.test(organization)) return organization
  const hash = await digest('carrierx partner', organization)
  const variant = ((Number.parseInt(hash[16] as string, 16) & 0b0011) | 0b1000).toString(16)
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join('-')
}
