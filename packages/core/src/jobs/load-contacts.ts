import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import type { Contact, ContactReader, ContactSource, ReadOptions, RejectedRow, RowResult } from '../ports/contacts.js'
import type { StagedTask } from '../ports/storage-intake.js'
import type { LaneUpdate } from '../ports/storage-jobs.js'
import type { Lacking } from './agent-needs.js'
import {
  countAccepted,
  countDuplicate,
  countRejected,
  type IntakeReport,
  newReport,
  type RowReport,
} from './intake-report.js'
import { LaneSorter } from './lane-names.js'
import { LaneBook } from './lanes.js'
import type { CallSpec } from './spec.js'

/**
 * Tasks that go to the store at once. Small enough to hold one chunk per lane, large enough to be worth a round trip. What is added later
 * has to be looked for among what is there: a store that others wait for should not be kept by that for long.
 */
const CHUNK = { first: 1024, later: 256 } as const

/** What to load, and how strictly. */
export interface ContactLoad<Variables> {
  contacts: ContactSource
  read: ReadOptions<Variables>
  /** `partial` drops bad rows and reports them; `all` loads nothing if there is one. */
  rows: 'partial' | 'all'
  onRow?: (row: RowReport) => void
}

type Accepted = Extract<RowResult<unknown>, { status: 'accepted' }>

/** Tasks of a lane that wait to go to the store. */
interface Filling {
  lane: LaneUpdate
  tasks: StagedTask[]
  rows: Accepted[]
}

/**
 * Streams contacts into an open batch, a chunk at a time. Throws what the reader throws, and `invalid_rows` when all rows
 * were asked for; the caller discards the batch.
 */
export class ContactLoader {
  readonly #host: Host
  readonly #jobId: string
  readonly #batch: string
  readonly #lanes: LaneBook
  readonly #sorter: LaneSorter
  readonly #filling: Map<string, Filling> = new Map()
  readonly #report: IntakeReport = newReport()
  readonly #lacking: Lacking
  readonly #chunk: number
  #seq = 0

  constructor(
    host: Host,
    jobId: string,
    batch: string,
    spec: CallSpec,
    known: readonly LaneUpdate[],
    lacking: Lacking,
  ) {
    this.#host = host
    this.#jobId = jobId
    this.#batch = batch
    this.#lacking = lacking
    this.#chunk = known.length > 0 ? CHUNK.later : CHUNK.first
    this.#lanes = new LaneBook(known, spec, host.now())
    this.#sorter = new LaneSorter(spec, host.zones)
  }

  async load<Variables>(reader: ContactReader, load: ContactLoad<Variables>): Promise<IntakeReport> {
    for await (const rows of reader.read(load.contacts, load.read)) {
      for (const row of rows) {
        this.#report.read++
        const problems = row.status === 'accepted' ? this.#lacking(row.contact) : row.problems
        if (row.status === 'rejected' || problems) {
          this.#reject(row, problems as RejectedRow['problems'], load.onRow)
          continue
        }
        const filling = this.#add(row)
        if (filling.tasks.length >= this.#chunk) await this.#flush(filling, load.onRow)
      }
    }
    if (load.rows === 'all' && this.#report.rejectedRows > 0) {
      const { rejected, rejectedRows } = this.#report
      const [first] = rejected
      throw new OutdialError(
        'invalid_rows',
        `${rejectedRows} of ${this.#report.read} rows were rejected, so nothing was created. The first: row ${first?.row}, ${first?.message}`,
        { rejected, ...(first && { row: first.row }) },
      )
    }
    for (const filling of this.#filling.values()) await this.#flush(filling, load.onRow)
    return this.#report
  }

  #reject(row: RowResult<unknown>, problems: RejectedRow['problems'], onRow?: (row: RowReport) => void): void {
    const { line } = row
    const rejected: RejectedRow = { status: 'rejected', row: row.row, ...(line !== undefined && { line }), problems }
    countRejected(this.#report, rejected)
    onRow?.(rejected)
  }

  #add(row: Accepted): Filling {
    const contact = row.contact as Contact
    const name = this.#sorter.nameFor(contact)
    let filling = this.#filling.get(name)
    if (!filling) {
      filling = { lane: this.#lanes.lane(name), tasks: [], rows: [] }
      this.#filling.set(name, filling)
    }
    const { phone, notBefore } = contact
    const task: StagedTask = { key: phone.slice(1), payload: payloadOf(contact, row.row) }
    if (notBefore !== undefined) task.notBefore = notBefore
    filling.tasks.push(task)
    filling.rows.push(row)
    return filling
  }

  async #flush(filling: Filling, onRow?: (row: RowReport) => void): Promise<void> {
    const { lane, tasks, rows } = filling
    if (tasks.length === 0) return
    filling.tasks = []
    filling.rows = []
    const staged = await this.#host.storage.stage(this.#jobId, this.#batch, { seq: this.#seq++, lane, tasks })
    let duplicate = 0
    let index = staged.first
    for (const [position, row] of rows.entries()) {
      const found = staged.duplicates[duplicate]
      if (found?.position === position) {
        duplicate++
        countDuplicate(this.#report, row)
        onRow?.({ status: 'duplicate', ...placeOf(row), of: found.of })
        continue
      }
      countAccepted(this.#report, row)
      onRow?.({
        status: 'accepted',
        ...placeOf(row),
        index: index++,
        ...(row.warnings && { warnings: row.warnings }),
      })
    }
  }
}

function placeOf({ row, line }: Accepted): { row: number; line?: number } {
  return line === undefined ? { row } : { row, line }
}

/** What need not be escaped in JSON. A reader that is not ours may call something else a number. */
const PLAIN_NUMBER = /^\+\d+$/

/** A contact as it is kept. Most have nothing but a number and variables: put together by hand, that takes two thirds of the time. */
function payloadOf(contact: Contact, row: number): string {
  const { phone, variables } = contact
  for (const name in contact) if (name !== 'phone' && name !== 'variables') return JSON.stringify({ ...contact, row })
  const written = PLAIN_NUMBER.test(phone) ? JSON.stringify(variables) : undefined
  if (written === undefined) return JSON.stringify({ ...contact, row })
  return `{"phone":"${phone}","variables":${written},"row":${row}}`
}
