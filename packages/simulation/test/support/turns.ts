/** Some turns of the event loop: for showing that nothing happens, or for letting happen what takes some turns. */
export const turns = async (count = 10) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
