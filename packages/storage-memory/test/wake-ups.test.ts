import { expect, it } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { microtasks } from '../../conformance/src/support/manual-clock.js'
import { Worker } from '../../conformance/src/support/worker.js'
import { openStore } from './support/store.js'

// That nobody is woken too late is the conformance kit's to prove. The port lets a store wake too early; memory does not.
it('waitForWork should not wake for other routes, nor for what was just offered', async () => {
  const { storage } = await openStore()
  const worker = new Worker(storage, 'w')
  await filledJob(storage, { id: 'b', route: 'r2' }, 1)
  await worker.claim(5, { route: 'r2' })
  let awake = false
  const query = { channel: 'w', routes: ['r2'], until: Number.POSITIVE_INFINITY, signal: new AbortController().signal }
  void storage.waitForWork(query).then(() => {
    awake = true
  })
  await filledJob(storage, { id: 'a', route: 'r1' }, 1)
  await microtasks()

  expect(awake).toBe(false)
  await filledJob(storage, { id: 'c', route: 'r2' }, 1)
  await microtasks()
  expect(awake).toBe(true)
})
