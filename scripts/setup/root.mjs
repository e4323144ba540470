import { fileURLToPath } from 'node:url'

/** The repository's folder. Scripts never rely on the current directory, which is the caller's. */
export const root = fileURLToPath(new URL('../../', import.meta.url))
