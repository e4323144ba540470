const TOP_LEVEL = /^local (?:function (\w+)|([\w, ]+))/gm

/**
 * Joins modules to one script. What a module makes at its top level can be used by those after it, as if all were one text;
 * and each is a function that gets what it uses and gives what others use. Lua makes every function of a script anew
 * when it runs, and looks for each of the variables it holds on to among all that are held on to where it is made:
 * in one text of some two hundred functions that took half the time of a script.
 *
 * A variable of another module can so not be set anew; what has to change is a field of a table. What stands before
 * all modules may end the script.
 */
export function joined(before: string, modules: readonly string[], main: string): string {
  const words = [...modules, main].map((text) => new Set(text.match(/[A-Za-z_]\w*/g)))
  const text: string[] = [before]
  const made = new Set(namesOf(before))
  for (const [i, module] of modules.entries()) {
    const uses = [...made].filter((name) => words[i]?.has(name))
    const gives = namesOf(module).filter((name) => words.some((others, j) => j > i && others.has(name)))
    for (const name of gives) made.add(name)
    const call = `(function(${uses.join(', ')})${module}`
    if (gives.length === 0) text.push(`;${call}end)(${uses.join(', ')})\n`)
    else text.push(`local ${gives.join(', ')} = ${call}return ${gives.join(', ')}\nend)(${uses.join(', ')})\n`)
  }
  return [...text, `return ${main}\n`].join('')
}

function namesOf(module: string): string[] {
  const names = [...module.matchAll(TOP_LEVEL)].flatMap(([, one, several]) => one ?? (several as string).split(/, */))
  return [...new Set(names.map((name) => name.trim()))]
}
