import { OutdialError } from '@outdial/core'
import { type Template, template, urlValue, xmlValue } from '../agents/template.js'
import { objectOf } from './api.js'
import type { Speech } from './client-state.js'

/** Who talks when a person answers. Texts are templates: `Hello {{name}}`, filled in per contact. */
export type TelnyxAgent = TelnyxAssistant | TelnyxSpeech | TelnyxAudio

/** An AI assistant of the account. It gets all variables of the contact as dynamic variables. */
export interface TelnyxAssistant {
  /** Its id. */
  assistant: string
  /** Said first. Default: as the assistant has it. */
  greeting?: string
  /** Instead of the assistant's own instructions. */
  instructions?: string
  /** Variables that the assistant's own texts need of every contact. Default: none but those of the templates given here. */
  needs?: readonly string[]
}

/** A text that is read out. */
export interface TelnyxSpeech {
  /** At most 3,000 characters when it is filled in. */
  speak: string
  /** As the service names voices, such as `AWS.Polly.Joanna-Neural`. */
  voice: string
  /** Such as `en-US`; voices that speak one language need none. */
  language?: string
  /** Whether the text is SSML; values are then written so that they stay text. Default `false`. */
  ssml?: boolean
  /** Hang up when it has been said. Default `true`. */
  hangup?: boolean
}

/** A recording that is played. */
export interface TelnyxAudio {
  /** Address of a WAV or MP3 file. */
  play: string
  /** Hang up when it has been played. Default `true`. */
  hangup?: boolean
}

/** What an agent makes of a call. */
export interface Conversation {
  /** Fields of the request to dial. */
  readonly dial: {
    readonly assistant?: {
      readonly id: string
      readonly greeting?: string
      readonly instructions?: string
      readonly dynamic_variables?: Record<string, string | number | boolean>
    }
    readonly audio_url?: string
  }
  /** What has to be done when the call is answered. */
  readonly say?: Speech
  readonly ends?: true
}

/** An agent, read. */
export interface ReadyAgent {
  readonly needs: readonly string[]
  /** Absent unless it is an assistant. */
  readonly assistant?: string
  prepare(variables: Readonly<Record<string, unknown>>): Conversation
}

/** More than this the service does not read out. */
export const LONGEST_SPEECH = 3_000

const plain = (value: string) => value

/** Reads an agent of the options; throws `invalid_options` naming the part that is wrong. */
export function readAgent(name: string, agent: TelnyxAgent): ReadyAgent {
  const at = (part: string) => `agents.${name}.${part}`
  const part = (text: unknown, field: string): Template => {
    if (typeof text !== 'string' || text.trim() === '')
      throw new OutdialError('invalid_options', `${at(field)}: expected a text`, { field: at(field) })
    return template(text, at(field))
  }
  const given: object = objectOf(agent) ?? {}
  if ('speak' in given) return speaking(agent as TelnyxSpeech, part)
  if ('play' in given) {
    const { play, hangup } = agent as TelnyxAudio
    const address = part(play, 'play')
    const ends = hangup === false ? {} : ({ ends: true } as const)
    return {
      needs: address.needs,
      prepare: (variables) => ({ dial: { audio_url: address.render(variables, urlValue) }, ...ends }),
    }
  }
  if ('assistant' in given) return assisted(agent as TelnyxAssistant, part)
  throw new OutdialError('invalid_options', `agents.${name}: expected one with assistant, speak or play`, {
    field: `agents.${name}`,
  })
}

/** The assistant with this id, as it is. */
export function assistantOf(id: string): ReadyAgent {
  return assisted({ assistant: id }, template)
}

type Part = (text: string, field: string) => Template

function speaking({ speak, voice, language, ssml = false, hangup = true }: TelnyxSpeech, part: Part): ReadyAgent {
  const text = part(speak, 'speak')
  part(voice, 'voice')
  return {
    needs: text.needs,
    prepare: (variables) => ({
      dial: {},
      say: {
        payload: text.render(variables, ssml ? xmlValue : plain),
        voice,
        ...(language !== undefined && { language }),
        ...(ssml && { payload_type: 'ssml' as const }),
      },
      ...(hangup && { ends: true as const }),
    }),
  }
}

function assisted({ assistant: id, greeting, instructions, needs = [] }: TelnyxAssistant, part: Part): ReadyAgent {
  part(id, 'assistant')
  const texts = Object.entries({ greeting, instructions }).flatMap(([field, text]) =>
    text === undefined ? [] : [[field, part(text, field)] as const],
  )
  return {
    needs: [...new Set([...needs, ...texts.flatMap(([, text]) => text.needs)])],
    assistant: id,
    prepare: (variables) => ({
      dial: {
        assistant: {
          id,
          ...Object.fromEntries(texts.map(([field, text]) => [field, text.render(variables, plain)])),
          dynamic_variables: dynamic(variables),
        },
      },
    }),
  }
}

/** The service takes texts, numbers and truth values; nothing stays nothing, the rest is written as JSON. */
function dynamic(variables: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]): [string, string | number | boolean][] => {
      if (value === undefined || value === null) return []
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[name, value]]
      return [[name, JSON.stringify(value)]]
    }),
  )
}
