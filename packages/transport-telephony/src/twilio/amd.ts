import { invalid } from './option-checks.js'

/** How people are told from machines. What is left out is as Twilio has it. Times are in milliseconds. */
export interface Amd {
  /** Wait for the end of a machine's greeting, to leave a message behind it. Default `false`. */
  messageEnd?: boolean
  /** Let the agent talk meanwhile. Default `false`: the called party hears nothing until it is known. */
  async?: boolean
  /** How long to try. Default 30 s; from 3 s to 59 s. */
  timeout?: number
  /** Speech longer than this is a machine's. Default 2.4 s; from 1 s to 6 s. */
  speechThreshold?: number
  /** Silence of this length ends what was said. Default 1.2 s; from 0.5 s to 5 s. */
  speechEndThreshold?: number
  /** So much silence at the beginning, and nobody knows. Default 5 s; from 2 s to 10 s. */
  silenceTimeout?: number
}

/** The part of a request that asks for it. */
export interface AmdParameters {
  machineDetection?: 'Enable' | 'DetectMessageEnd'
  machineDetectionTimeout?: number
  machineDetectionSpeechThreshold?: number
  machineDetectionSpeechEndThreshold?: number
  machineDetectionSilenceTimeout?: number
  asyncAmd?: string
}

/** Least and most of each, as the API documents them. */
const RANGES = {
  timeout: [3_000, 59_000],
  speechThreshold: [1_000, 6_000],
  speechEndThreshold: [500, 5_000],
  silenceTimeout: [2_000, 10_000],
} as const

/** Throws `invalid_options`. Nothing when it is off. */
export function amdParameters(amd: boolean | Amd): AmdParameters {
  if (amd === false) return {}
  const given: Amd = amd === true ? {} : amd
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = given[name as keyof typeof RANGES]
    if (value !== undefined && !(value >= least && value <= most))
      throw invalid(`amd.${name}`, `expected ${least} to ${most} milliseconds`)
  }
  const { messageEnd = false, async = false, timeout, speechThreshold, speechEndThreshold, silenceTimeout } = given
  return {
    machineDetection: messageEnd ? 'DetectMessageEnd' : 'Enable',
    ...(timeout !== undefined && { machineDetectionTimeout: Math.round(timeout / 1000) }),
    ...(speechThreshold !== undefined && { machineDetectionSpeechThreshold: Math.round(speechThreshold) }),
    ...(speechEndThreshold !== undefined && { machineDetectionSpeechEndThreshold: Math.round(speechEndThreshold) }),
    ...(silenceTimeout !== undefined && { machineDetectionSilenceTimeout: Math.round(silenceTimeout) }),
    ...(async && { asyncAmd: 'true' }),
  }
}
