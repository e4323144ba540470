import ts from 'typescript'
import { root } from './programs.js'

/** What the compiler has to say about these files, with the settings of the repository. */
export const typeErrors = (files: readonly string[]): string[] => {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
  const program = ts.createProgram([...files], options)
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((found) => {
      const { line = 0 } = source?.getLineAndCharacterOfPosition(found.start ?? 0) ?? {}
      return `${file}:${line + 1}: ${ts.flattenDiagnosticMessageText(found.messageText, '\n')}`
    })
  })
}
