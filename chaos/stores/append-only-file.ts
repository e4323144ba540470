import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Cuts what a dead server has appended to its file after a marker, the argument of its last confirmed command: what may be
 * on a disk that lost its power. A part of it may have got there, and is torn in the middle; `torn` says how much, from 0 up to 1.
 */
export function cutAfter(folder: string, marker: string, torn: number): { kept: number; lost: number } {
  const files = readdirSync(folder).filter((name) => name.endsWith('.incr.aof'))
  for (const name of files) {
    const path = join(folder, name)
    const bytes = readFileSync(path)
    const at = bytes.lastIndexOf(`${marker}\r\n`)
    if (at < 0) continue
    const confirmed = at + Buffer.byteLength(marker) + 2
    const kept = confirmed + Math.floor((bytes.length - confirmed) * torn)
    const file = openSync(path, 'r+')
    ftruncateSync(file, kept)
    closeSync(file)
    return { kept, lost: bytes.length - kept }
  }
  throw new Error(`no append-only file in ${folder} has the marker ${marker}`)
}
