// npm passes a signal on to the shell it has started us with, and that shell dies of it without telling us. What we run
// would then go on with nobody to stop it, so: when the shell has gone, tell ourselves.
const shell = process.ppid

if (process.env.npm_lifecycle_event !== undefined) {
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  watch.unref()
}
