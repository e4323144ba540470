import { runInstalled, runTool } from '../tool.mjs'

/** What pnpm should have replaced in the published package.json, and would break it for everybody else. */
const leftovers = async (tarball) => {
  const { output } = await runTool('tar', ['-xzOf', tarball, 'package/package.json'])
  const found = ['workspace:', 'catalog:', '@outdial/source'].filter((text) => output.includes(text))
  return { ok: found.length === 0, output: `package.json still says ${found.join(', ')}` }
}

const checks = {
  leftovers,
  publint: (tarball) => runInstalled('publint/src/cli.js', ['run', tarball, '--strict']),
  // node16: how Node resolves, as ES module and as CommonJS. The older resolution knows no subpaths.
  types: (tarball) =>
    runInstalled('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'node16', '--no-color']),
}

/** The checks of a packed package that fail, each with what it said. */
export const failuresOf = async (tarball) => {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name, ...(await check(tarball)) })),
  )
  return results.filter(({ ok }) => !ok)
}
