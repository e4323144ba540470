import ts from 'typescript'
import type { File } from './repository-files.js'

const parse = ({ path, text }: File) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)

/** The string that a node imports from, if it is an import of any form: static, re-export, type, dynamic, require. */
const specifierOf = (node: ts.Node): ts.Node | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isExternalModuleReference(node)) return node.expression
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  const loads =
    ts.isCallExpression(node) &&
    (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')
  return loads ? node.arguments[0] : undefined
}

/** Everything a file imports; what cannot be read off the source, such as `import(name)`, is given as it is written. */
export const importsOf = (file: File): string[] => {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) found.push(ts.isStringLiteralLike(specifier) ? specifier.text : specifier.getText())
    ts.forEachChild(node, visit)
  }
  visit(parse(file))
  return found
}
