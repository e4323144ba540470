// What was asked for and what became of it, in a file of JSON lines: the last line of a ref is what is true.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'

export function openLedger(path) {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
  const calls = new Map(lines.map((line) => JSON.parse(line)).map((call) => [call.ref, call]))
  const file = openSync(path, 'a')
  process.on('exit', () => closeSync(file))
  return {
    get: (ref) => calls.get(ref),
    all: () => [...calls.values()],
    add(call) {
      writeSync(file, `${JSON.stringify(call)}\n`)
      fsyncSync(file)
      calls.set(call.ref, call)
      return call
    },
  }
}
