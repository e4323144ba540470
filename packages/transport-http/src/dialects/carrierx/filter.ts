import { queryInvalid } from './errors.js'
import { TASK_FIELDS, type TaskField, type TaskView } from './job-view.js'
import { isLike } from './like.js'

const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'ilike', 'in'] as const
type Operator = (typeof OPERATORS)[number]

/** More conditions than this are a mistake. */
const MOST = 20

/** One condition of a filter. */
export interface Condition {
  /** A field of the task, and steps into it. */
  path: readonly [TaskField, ...string[]]
  operator: Operator
  value: string
  /** `null` is a word for nothing only when it is not quoted. */
  quoted: boolean
}

interface Token {
  text: string
  quoted: boolean
}

/** Reads `status eq running and data.trunk_group_sid ne 'x y'`. Throws an answer that says what cannot be understood. */
export function readFilter(text: string): Condition[] {
  const tokens = tokensOf(text)
  const conditions: Condition[] = []
  for (let at = 0; ; at += 4) {
    const [name, operator, value, and] = tokens.slice(at, at + 4)
    if (!name || !operator || !value) throw refused('expected a field, an operator and a value')
    conditions.push(conditionOf(name, operator, value))
    if (conditions.length > MOST) throw refused(`at most ${MOST} conditions`)
    if (!and) return conditions
    if (and.quoted || and.text.toLowerCase() !== 'and') throw refused(`expected 'and', not '${and.text}'`)
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const token = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s'"]\S*))(?=\s|$)/sy
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex
    const match = token.exec(text)
    if (!match) throw refused(`cannot be understood from character ${at + 1}`)
    const [, single, double, bare] = match
    const inner = single ?? double
    tokens.push(
      inner === undefined ? { text: bare as string, quoted: false } : { text: unescaped(inner), quoted: true },
    )
  }
  return tokens
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, '$1')
}

function conditionOf(name: Token, operator: Token, value: Token): Condition {
  const [field, ...steps] = name.text.split('.')
  if (!isField(field)) throw refused(`there is no field '${name.text}'`)
  const known = OPERATORS.find((one) => one === operator.text.toLowerCase())
  if (!known) throw refused(`'${operator.text}' is none of ${OPERATORS.join(', ')}`)
  return { path: [field, ...steps], operator: known, value: value.text, quoted: value.quoted }
}

export function isField(name: string | undefined): name is TaskField {
  return (TASK_FIELDS as readonly unknown[]).includes(name)
}

/** Whether a task meets a condition. Of a list, one element that does is enough; with `ne`, none may be equal. */
export function meets(view: TaskView, condition: Condition): boolean {
  if (condition.operator === 'ne') return !meets(view, { ...condition, operator: 'eq' })
  const values = valuesAt(view, condition.path)
  return (values.length === 0 ? [null] : values).some((value) => holds(value, condition))
}

/** What is at the end of a path, through lists. */
function valuesAt(from: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (Array.isArray(from)) return from.flatMap((inner) => valuesAt(inner, step === undefined ? [] : [step, ...rest]))
  if (step === undefined) return [from]
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, step)) return []
  return valuesAt((from as Record<string, unknown>)[step], rest)
}

function holds(value: unknown, { path, operator, value: text, quoted }: Condition): boolean {
  if (operator === 'in') return text.split(',').some((one) => isEqual(value, one.trim(), quoted, path))
  if (operator === 'eq') return isEqual(value, text, quoted, path)
  if (value === null || value === undefined || typeof value === 'object') return false
  if (operator === 'like') return isLike(String(value), text)
  if (operator === 'ilike') return isLike(String(value).toLowerCase(), text.toLowerCase())
  const order = compared(value, text, path)
  if (operator === 'gt') return order > 0
  if (operator === 'ge') return order >= 0
  return operator === 'lt' ? order < 0 : order <= 0
}

function isEqual(value: unknown, text: string, quoted: boolean, path: Condition['path']): boolean {
  if (value === null || value === undefined) return !quoted && text === 'null'
  return typeof value !== 'object' && compared(value, text, path) === 0
}

/** Below, equal, above; `NaN`, which is none of them, when the two cannot be compared. */
function compared(value: unknown, text: string, path: Condition['path']): number {
  if (typeof value === 'number') return value - (text.trim() === '' ? Number.NaN : Number(text))
  if (path[0].startsWith('date_')) return Date.parse(String(value)) - Date.parse(text)
  const own = String(value)
  return own < text ? -1 : own > text ? 1 : 0
}

function refused(problem: string) {
  return queryInvalid('filter', problem)
}
