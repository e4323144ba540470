import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { inspect } from 'node:util'

/** Nothing that can be seen of a value, however deep, names a secret: as it is, in base64, or as part of an address. */
export function assertSecretFree(what: string, value: unknown, secrets: readonly string[]): void {
  const text = typeof value === 'string' ? value : seen(value)
  for (const [i, secret] of secrets.entries()) {
    for (const form of [secret, encodeURIComponent(secret), ...inBase64(secret)]) {
      assert.ok(!text.includes(form), `${what} shows a secret, number ${i} of the harness`)
    }
  }
}

/** Everything of a value that a log may show, what stands behind an error included. */
function seen(value: unknown): string {
  const shown = inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })
  if (!(value instanceof Error)) return shown
  return [shown, value.message, value.stack, value.cause === undefined ? '' : seen(value.cause)].join('\n')
}

/** What a text is in base64 when it stands anywhere within another, such as behind `user:`. */
function inBase64(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'\0'.repeat(before)}${text}`).toString('base64')
    const whole = Math.floor(((before + Buffer.byteLength(text)) * 8) / 6)
    return encoded.slice(Math.ceil((before * 8) / 6), whole)
  })
}
