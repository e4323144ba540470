// A vitest reporter: writes down what went wrong outside of every test, which no other reporter puts into a file.

import { writeFileSync } from 'node:fs'

export default class UnhandledErrors {
  onTestRunEnd(_, errors) {
    const told = errors.map(({ name, message, stack = '' }) => ({ name, message, stack }))
    writeFileSync(String(process.env.OUTDIAL_UNHANDLED_ERRORS), JSON.stringify(told))
  }
}
