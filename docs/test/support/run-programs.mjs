// Runs programs one after the other in one process, and says on both streams where the words of each begin.
for (const program of process.argv.slice(2)) {
  console.log(`\0${program}`)
  console.error(`\0${program}`)
  try {
    await import(`file://${program}`)
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}
