/** A form as browsers and curl send it: the file first, then the fields. */
export function csvForm(csv: string | Blob, fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  form.append('file', new File([csv], 'contacts.csv', { type: 'text/csv' }))
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}

/** A list of people as CSV, with further columns. */
export function csvOf(rows: readonly Readonly<Record<string, string>>[]): string {
  const names = Object.keys(rows[0] ?? { phone: '' })
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))].map((cells) => cells.join(',')).join('\n')
}
