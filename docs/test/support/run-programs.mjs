// Runs programs one after the other in one process, and says where the output of each begins.
for (const program of process.argv.slice(2)) {
  console.log(`\0${program}`)
  await import(`file://${program}`)
}
