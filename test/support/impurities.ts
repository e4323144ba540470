import { builtinModules } from 'node:module'
import ts from 'typescript'
import { importsOf } from './imports.js'
import type { File } from './repository-files.js'

// What a host or a runtime provides, and the core therefore gets from a port or not at all.
const hostGlobals = new Set([
  ...['Date', 'Temporal', 'performance', 'setTimeout', 'setInterval', 'setImmediate'],
  ...['clearTimeout', 'clearInterval', 'clearImmediate', 'crypto', 'console', 'fetch'],
  ...[
    'process',
    'Buffer',
    'global',
    'globalThis',
    'window',
    'self',
    'require',
    '__dirname',
    '__filename',
    'eval',
    'Function',
  ],
])

// Members of otherwise harmless objects that draw randomness, start a timer or read the clock.
const hostMembers = new Set([
  'Math.random',
  'AbortSignal.timeout',
  'Atomics.wait',
  'Atomics.waitAsync',
  'DateTime.now',
  'Settings.now',
])
const clockMethods = new Set(['diffNow', 'toRelative', 'toRelativeCalendar'])

// Luxon takes what it isn't told from the machine: the time, or the zone. By method: where the options that name a zone are.
const luxonOptions: Record<string, number> = {
  fromMillis: 1,
  fromSeconds: 1,
  fromISO: 1,
  fromSQL: 1,
  fromObject: 1,
  fromJSDate: 1,
  fromFormat: 2,
}

/** A name that is used as a value here, rather than being a key, a member, or only a type. */
const isUse = (node: ts.Identifier): boolean => {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name !== node
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent)) return false
  if (ts.isBindingElement(parent)) return parent.initializer === node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false
  const named = parent as ts.Node & { name?: ts.Node }
  return named.name !== node || ts.isShorthandPropertyAssignment(parent)
}

/** The names that a file declares or imports itself: `const { setTimeout } = clock` is not the global one. */
const declaredNames = (source: ts.SourceFile): Set<string> => {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node)
    if (declares && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return names
}

const luxonImpurity = (call: ts.CallExpression): string | undefined => {
  const callee = call.expression
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  const method = callee.name.text
  if (clockMethods.has(method)) return `.${method}() reads the clock`
  if (callee.expression.getText() !== 'DateTime') return undefined
  const [first] = call.arguments
  const isNow = (method === 'local' || method === 'utc') && (first === undefined || ts.isObjectLiteralExpression(first))
  if (isNow) return `DateTime.${method}() without a time reads the clock`
  const options = luxonOptions[method]
  return options !== undefined && call.arguments.length <= options
    ? `DateTime.${method}() without a zone takes the machine's`
    : undefined
}

const impurityOf = (node: ts.Node, declared: Set<string>): string | undefined => {
  if (ts.isIdentifier(node) && hostGlobals.has(node.text) && !declared.has(node.text) && isUse(node)) return node.text
  if (ts.isPropertyAccessExpression(node) && hostMembers.has(node.getText().replace(/\?\.|\s/g, '.')))
    return node.getText()
  // Math by its members only: taken apart or handed on, it could be Math.random that is used.
  if (ts.isIdentifier(node) && node.text === 'Math' && isUse(node) && !ts.isPropertyAccessExpression(node.parent))
    return 'Math'
  if (ts.isMetaProperty(node)) return node.getText()
  return ts.isCallExpression(node) ? luxonImpurity(node) : undefined
}

const isBuiltin = (specifier: string) => specifier.startsWith('node:') || builtinModules.includes(specifier)

/** Everything in a file that makes it depend on more than its arguments and its ports, as `path:line: what`. */
export const impuritiesOf = (file: File): string[] => {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
  const declared = declaredNames(source)
  const found = importsOf(file)
    .filter(isBuiltin)
    .map((specifier) => `${file.path}: imports ${specifier}`)
  const visit = (node: ts.Node): void => {
    const impurity = impurityOf(node, declared)
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    if (impurity !== undefined) found.push(`${file.path}:${line}: ${impurity}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}
