import { test } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect } from 'vitest'
import { type PendingTimer, TimerHeap } from '../src/clock/timer-heap.js'

// Mostly pushes, so that the heap grows deep enough for branches of its own.
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), at: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('shift' as const) }) },
)

test.prop([fc.array(command, { size: '+1' })])('the heap gives timers as a sorted list would', (commands) => {
  const heap = new TimerHeap()
  let model: PendingTimer[] = []
  let order = 0

  for (const step of commands) {
    if (step.do === 'push') {
      const timer = { at: step.at, order: order++, run: () => {}, label: undefined, index: -1 }
      heap.push(timer)
      model.push(timer)
      model.sort((a, b) => a.at - b.at || a.order - b.order)
    } else {
      const gone = step.do === 'shift' ? heap.peek() : model[step.which % Math.max(1, model.length)]
      if (gone) heap.remove(gone)
      model = model.filter((timer) => timer !== gone)
      // A second time, and a timer of somebody else: nothing happens.
      if (gone) heap.remove(gone)
    }
    expect(heap.peek()).toBe(model[0])
    expect(heap.size).toBe(model.length)
  }
  expect(new Set(heap.values())).toEqual(new Set(model))
  for (const timer of model) {
    expect(heap.peek()).toBe(timer)
    heap.remove(timer)
  }
  expect(heap.size).toBe(0)
})
