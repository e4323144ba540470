import type { Told } from './loopback-service.js'
import { refusal } from './twilio-answers.js'

/** What calls may be asked for with; anything else is a mistake of ours. */
const PARAMETERS: ReadonlySet<string> = new Set(
  'To From Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent StatusCallbackMethod SendDigits Timeout Record MachineDetection MachineDetectionTimeout CallerId MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Byoc CallReason TimeLimit Url Twiml ApplicationSid'.split(
    ' ',
  ),
)
const CALLBACKS: ReadonlySet<string> = new Set(['initiated', 'ringing', 'answered', 'completed'])

/** What Twilio would say against a call that is asked for like this. */
export function checkParameters(parameters: URLSearchParams, owned: readonly string[] | undefined): Told | undefined {
  const one = (name: string) => parameters.get(name) ?? ''
  const wrong = (code: number, message: string) => refusal(400, code, message)
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.has(name))
  if (unknown !== undefined) return wrong(20001, `Unknown parameter ${unknown}`)
  if (one('To') === '') return wrong(21201, "No 'To' number is specified")
  if (!/^\+[1-9]\d{6,14}$/.test(one('To'))) return wrong(21211, `The 'To' number ${one('To')} is not valid.`)
  if (one('From') === '') return wrong(21213, "A 'From' number is required")
  if (owned && !owned.includes(one('From'))) return wrong(21210, `The 'From' number ${one('From')} is not verified.`)
  const scripts = ['Url', 'Twiml', 'ApplicationSid'].filter((name) => one(name) !== '')
  if (scripts.length !== 1) return wrong(21205, 'Url parameter is required.')
  if (one('Url') !== '' && !URL.canParse(one('Url'))) return wrong(21205, 'Url is not a valid URL')
  if (one('Twiml').length > 4000) return wrong(21637, 'Twiml must be at most 4000 characters')
  if (!URL.canParse(one('StatusCallback'))) return wrong(21609, 'Invalid StatusCallback URL')
  if (!parameters.getAll('StatusCallbackEvent').every((event) => CALLBACKS.has(event)))
    return wrong(21626, 'Invalid StatusCallbackEvent')
  if (!(Number(one('Timeout')) >= 1 && Number(one('Timeout')) <= 600)) return wrong(21229, 'Invalid Timeout')
  if (!(Number(one('TimeLimit')) >= 1)) return wrong(21229, 'Invalid TimeLimit')
  if (one('AsyncAmd') === 'true' && one('AsyncAmdStatusCallback') === '') return wrong(21262, 'No AMD status callback')
  return undefined
}
