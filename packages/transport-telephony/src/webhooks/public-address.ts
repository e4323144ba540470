import { BlockList, isIP } from 'node:net'
import { OutdialError } from '@outdial/core'

/** Addresses that lead nowhere from outside (RFC 6890 and what came after it). */
const NOT_PUBLIC = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  NOT_PUBLIC.addSubnet(network, bits, 'ipv6')

/** Names that are given out in somebody's own network only. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa|test|invalid|example)$/i

/** Reads the address of an option. Throws `invalid_options` when it is none, or not of the web, or has a password in it. */
export function webAddress(given: unknown, field: string): URL {
  const invalid = (problem: string) => new OutdialError('invalid_options', `${field}: ${problem}`, { field })
  if (typeof given !== 'string' || !URL.canParse(given))
    throw invalid('expected an address, such as https://example.com/')
  const url = new URL(given)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('expected an address of https')
  if (url.username !== '' || url.password !== '') throw invalid('expected an address without name and password')
  return url
}

/** Whether an address leads to this very machine. */
export function isLoopback({ hostname }: URL): boolean {
  const host = bare(hostname)
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * What keeps a service from delivering webhooks to an address, in a sentence; `undefined` when nothing can be seen that does.
 * Nothing is asked of anybody. A service on this machine, as tests have it, reaches this machine.
 */
export function unreachable(address: URL, service: URL): string | undefined {
  if (isLoopback(address)) {
    if (isLoopback(service)) return undefined
    return `${address.origin} is this machine, which the service cannot reach. Give the public https address of the webhook.`
  }
  if (address.protocol !== 'https:')
    return `${address.origin} is not encrypted: anybody on the way could read what is called. Give an https address.`
  const host = bare(address.hostname)
  const family = isIP(host)
  const hidden =
    family === 0 ? !host.includes('.') || LOCAL_NAME.test(host) : NOT_PUBLIC.check(host, family === 6 ? 'ipv6' : 'ipv4')
  if (hidden) return `${host} is an address of a private network, which the service cannot reach. Give the public one.`
  return undefined
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
