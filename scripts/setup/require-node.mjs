// Imported before anything else: a Node that is too old should be told so, not fail at some dependency's syntax.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Outdial needs Node 20.19 or newer, and this is Node ${process.versions.node}.`)
  process.exit(1)
}
