const TOP_LEVEL = /^local (?:function (\w+)|([\w, ]+))/gm
const SHARED = /^shared ([\w, ]+)\n/gm

/** Modules that go on from those before them, and what is done with them. */
export interface Part {
  readonly modules: readonly string[]
  readonly main: string
}

/**
 * Joins modules to one text. What a module makes at its top level can be used by those after it, as if all were one text;
 * and each is a function that gets what it uses and gives what others use: a function of Lua has 200 local names at most, and
 * looks for each of the variables it holds on to among all that are held on to where it is made. What parts have stays theirs.
 *
 * A variable of another module can so not be set anew. Those that are, because they are of one step, are named by a line
 * `shared a, b` where they are set: they are there for all modules.
 */
export function joined(before: string, modules: readonly string[], parts: readonly Part[]): string {
  const known = new Set(namesOf(before))
  const within = parts.map(({ modules, main }) => [...modules, main].join('\n'))
  const basis = joinedTo(known, modules, within)
  const texts = parts.map(({ modules, main }) => partText(known, modules, main))
  // It answers what the last part answers.
  const text = [before, ...basis, ...texts.map((part, i) => `${i === texts.length - 1 ? 'return ' : ';'}${part}`)].join(
    '',
  )
  const shared = [...text.matchAll(SHARED)].flatMap(([, names]) => split(names))
  return `local ${shared.join(', ')}\nreturn (function()\n${text.replace(SHARED, '')}end)()\n`
}

/** A part with what it uses of others: a function of its own, which answers what its main part does. */
function partText(known: ReadonlySet<string>, modules: readonly string[], main: string): string {
  const own = new Set(known)
  const text = [...joinedTo(own, modules, [main]), main].join('')
  const words = wordsOf(text)
  const uses = [...known].filter((name) => words.has(name))
  // In a table: as arguments they would be too many.
  const given = uses.map((name) => `${name} = ${name}`).join(', ')
  const taken = uses.map((name) => `of.${name}`).join(', ')
  return `(function(of)\nlocal ${uses.join(', ')} = ${taken}\n${text}\nend)({ ${given} })\n`
}

/** Modules joined to those whose names are known; adds theirs. `after`: what else may use them. */
function joinedTo(known: Set<string>, modules: readonly string[], after: readonly string[]): string[] {
  const words = [...modules, ...after].map(wordsOf)
  return modules.map((module, i) => {
    const uses = [...known].filter((name) => words[i]?.has(name)).join(', ')
    const gives = namesOf(module).filter((name) => words.some((others, j) => j > i && others.has(name)))
    for (const name of gives) known.add(name)
    const call = `(function(${uses})${module}`
    if (gives.length === 0) return `;${call}end)(${uses})\n`
    return `local ${gives.join(', ')} = ${call}return ${gives.join(', ')}\nend)(${uses})\n`
  })
}

function wordsOf(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_]\w*/g))
}

function namesOf(module: string): string[] {
  return [...new Set([...module.matchAll(TOP_LEVEL)].flatMap(([, one, several]) => (one ? [one] : split(several))))]
}

function split(names = ''): string[] {
  return names.split(',').map((name) => name.trim())
}
