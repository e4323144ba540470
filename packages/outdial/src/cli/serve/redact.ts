/** A phone number: with a plus, or as a run of digits that stands for itself. Nothing else in a log is written so. */
const PHONE = /\+\d{6,15}|(?<![\w.:+-])\d{10,15}(?![\w.:-])/g

/**
 * Takes phone numbers and secrets out of a line of a log: of the finished line, so that it does not matter in which field,
 * message or stack they are. Of a number the last two digits stay, to tell two of them apart.
 */
export function redactor(secrets: readonly string[]): (line: string) => string {
  // Longest first: one may contain another. As they are in a line of JSON.
  const known = secrets
    .filter((secret) => secret !== '')
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .toSorted((a, b) => b.length - a.length)
  return (line) => {
    let text = line
    for (const secret of known) text = text.replaceAll(secret, '[secret]')
    return text.replace(PHONE, (number) => `[phone …${number.slice(-2)}]`)
  }
}
