import { expect, it } from 'vitest'
import { packageNames, sourcesOf } from './support/repository-files.js'

const lines = (text: string) => text.trimEnd().split('\n').length

it.each(packageNames())('%s has no source file of more than 400 lines', (name) => {
  const long = sourcesOf(name).filter(({ text }) => lines(text) > 400)
  expect(long.map(({ path, text }) => `${path}: ${lines(text)}`)).toEqual([])
})
