/** Keys of the gate that paces a route's probes. Without a limit it admits everything. */
export function breakerKeys(route: string): { slots: string; rate: string } {
  return { slots: `slots:breaker:route:${route}`, rate: `rate:breaker:route:${route}` }
}
