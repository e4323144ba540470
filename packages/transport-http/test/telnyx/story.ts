import { expect } from 'vitest'
import type { World } from '../support/world.js'
import { IDS, PHONES, sdk } from './sdk.js'

/** The inventory's refusals of the story: an address that there is not. */
export const FAULTS = {
  fails: [
    {
      when: ({ data, entry }: { data?: Readonly<Record<string, unknown>>; entry?: string }) =>
        data?.emergency_address_id === 'nowhere' && entry === IDS[1],
      code: '10015',
      title: 'Bad Request',
      detail: 'The field is invalid.',
      pointer: '/emergency_address_id',
    },
  ],
}

/**
 * What the service's client sees of three jobs, from the request to the end. `pass` lets the first operations be done, and
 * `end` waits until a job has ended.
 */
export async function story(
  world: World,
  pass: () => Promise<void>,
  end: (id: string) => Promise<void>,
): Promise<void> {
  const { jobs } = sdk(world).phoneNumbers
  const [first, second, third, fourth] = IDS as [string, string, string, string]
  const both = (index: number) => ({ id: IDS[index] as string, phone_number: PHONES[index] as string })

  const tagged = await jobs.updateBatch({ phone_numbers: [first, PHONES[1] as string, third], tags: ['spring'] })
  expect(tagged.data).toMatchObject({
    record_type: 'phone_numbers_job',
    status: 'pending',
    type: 'update_phone_numbers',
    phone_numbers: [{ id: first }, { phone_number: PHONES[1] }, { id: third }],
    pending_operations: [both(0), both(1), both(2)],
    successful_operations: [],
    failed_operations: [],
  })
  const id = tagged.data?.id as string
  await pass()
  const during = (await jobs.retrieve(id)).data
  expect(['pending', 'in_progress', 'completed']).toContain(during?.status)
  await end(id)
  const done = (await jobs.retrieve(id)).data
  expect(done).toMatchObject({ id, status: 'completed', pending_operations: [], failed_operations: [] })
  expect(done?.successful_operations).toEqual([both(0), both(1), both(2)])
  expect(done?.etc).toBe(tagged.data?.etc)

  const emergency = await jobs.updateEmergencySettingsBatch({
    phone_numbers: [first, second],
    emergency_enabled: true,
    emergency_address_id: 'nowhere',
  })
  await end(emergency.data?.id as string)
  expect((await jobs.retrieve(emergency.data?.id as string)).data).toMatchObject({
    status: 'completed',
    type: 'update_emergency_settings',
    successful_operations: [both(0)],
    failed_operations: [
      {
        ...both(1),
        errors: [
          {
            code: '10015',
            title: 'Bad Request',
            detail: 'The field is invalid.',
            source: { pointer: '/emergency_address_id' },
          },
        ],
      },
    ],
  })

  const locked = await jobs.updateBatch({ phone_numbers: [fourth], deletion_lock_enabled: true })
  await end(locked.data?.id as string)
  const removed = await jobs.deleteBatch({ phone_numbers: [fourth, PHONES[0] as string] })
  await end(removed.data?.id as string)
  expect((await jobs.retrieve(removed.data?.id as string)).data).toMatchObject({
    status: 'completed',
    type: 'delete_phone_numbers',
    successful_operations: [both(0)],
    failed_operations: [{ ...both(3), errors: [{ source: { pointer: '/deletion_lock_enabled' } }] }],
  })
  expect(world.inventory.numbers('acme').map((number) => number.id)).toEqual([second, third, fourth])
  const again = await jobs.deleteBatch({ phone_numbers: [fourth] })
  await end(again.data?.id as string)
  expect((await jobs.retrieve(again.data?.id as string)).data?.status).toBe('failed')

  const listed: unknown[] = []
  for await (const job of jobs.list({ 'page[size]': 2 })) listed.push(job.id)
  expect(listed).toEqual([again, removed, locked, emergency, tagged].map(({ data }) => data?.id))
}
