// The same cases for every mutant, and no search for the smallest that fails: that it fails is all there is to know.
import fc from 'fast-check'

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_190, endOnFailure: true })
