/** What every answer is wrapped in. `status` is that of the request, not of the batch call. */
export function envelope(message: string, data: unknown): Record<string, unknown> {
  return { message, status: 'success', error: null, data }
}
