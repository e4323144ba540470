import type { Sabotage } from '../worker/sabotage.js'
import type { Wrong } from './evidence.js'

/** As what the absence of a mechanism has to be found, in every run. That something else went wrong, or took too long, shows nothing. */
export const FOUND_AS: Readonly<Record<Sabotage, readonly Wrong[]>> = {
  'attempts-die-with-workers': ['duplicate'],
  'start-by-ignored': ['policy'],
  // Whoever is said to have been busy is called again, or has been called often enough.
  'signatures-unchecked': ['duplicate', 'lost'],
  'events-by-contact': ['duplicate'],
  'own-time': ['duplicate'],
  // What was granted and never heard of is live for nobody, and nobody can be asked about it.
  'replies-not-replayed': ['lost', 'unknown'],
  'not-durable': ['duplicate'],
  'limits-not-stored': ['limit'],
  'suppression-not-asked': ['policy'],
  'pause-in-name-only': ['policy'],
  'hours-not-asked': ['policy'],
  'caps-not-taken': ['limit'],
  'money-not-held': ['limit'],
  'cool-downs-not-asked': ['policy'],
}
