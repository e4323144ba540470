import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The folder of a dependency, found from a file that may import it. */
const folderOf = (name: string, importer: string): string => {
  const marker = join('node_modules', name)
  const file = createRequire(importer).resolve(name)
  return file.slice(0, file.lastIndexOf(marker) + marker.length)
}

const licenseIn = (folder: string): string => {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
  if (file === undefined) throw new Error(`${folder} has no license to copy`)
  return readFileSync(join(folder, file), 'utf8').trim()
}

/**
 * Puts the licenses of what a build carries inside next to it, as those licenses ask. Each dependency is one of the
 * package in the current directory, or of the dependency named before it.
 */
export const copyLicenses = (names: string[]): void => {
  let importer = join(process.cwd(), 'package.json')
  const texts: string[] = []
  for (const name of names) {
    const folder = folderOf(name, importer)
    importer = join(folder, 'package.json')
    texts.push(`${name}\n\n${licenseIn(folder)}`)
  }
  writeFileSync(join('dist', 'bundled-licenses.txt'), `The CommonJS build contains:\n\n${texts.join('\n\n---\n\n')}\n`)
}
