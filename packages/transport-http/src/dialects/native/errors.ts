/** The native API has no words of its own for what goes wrong: problem details, and the engine's codes. */
export { plainFailure as failure } from '../../frame/plain-failure.js'
