import { expect, test } from 'vitest'
import { byMessage } from '../src/clock/turn.js'

test('turns by message come after promise chains, in order, each once', async () => {
  const nextTurn = byMessage()
  const log: string[] = []
  const chain = async () => {
    for (let i = 0; i < 50; i++) await undefined
    log.push('chain')
  }
  void chain()
  await new Promise<void>((resolve) => {
    nextTurn(() => {
      log.push('first')
      nextTurn(() => log.push('nested'))
    })
    nextTurn(() => log.push('second'))
    nextTurn(() => nextTurn(resolve))
  })
  expect(log).toEqual(['chain', 'first', 'second', 'nested'])
})
