import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program in our place: its input and output are ours, signals reach it, and its exit code is the result.
 * We stay until it has ended, so that nothing is left behind.
 */
export const runInOurPlace = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const passOn = (signal) => {
      // A terminal's Ctrl-C has reached the child already, and programs take a second one for "now!".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of signals) process.on(signal, passOn)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      for (const name of signals) process.removeListener(name, passOn)
      resolve(signal === null ? code : 128 + constants.signals[signal])
    })
  })
