import type { Accounts, Clock, Directory, Engine, ResourceBackend } from '@outdial/core'
import type { CampaignPolicy } from './campaign-policy.js'
import type { Dialect } from './dialect.js'
import type { Forecaster } from './forecaster.js'
import type { CorsOptions } from './frame/cors.js'
import type { FailedRequest } from './frame/failure.js'
import type { HttpLimits } from './frame/limits.js'
import type { Authenticate } from './frame/principal.js'

/** Tells of a request that has been answered; nothing in it is a secret or a phone number. */
export interface RequestLog {
  requestId: string
  method: string
  /** Pattern of the route, not the path: paths carry ids and numbers. Absent when there was no route. */
  route?: string
  dialect?: string
  organization?: string
  status: number
  /** Milliseconds until the answer began. */
  duration: number
}

/** What a transport is made of. */
export interface HttpTransportOptions {
  /** Needs not be started: it may only create and control, while others dial. */
  engine: Pick<Engine, 'calls' | 'operations' | 'suppression' | 'callerIds' | 'setLimits' | 'erase' | 'webhook'>
  /** Whose a key is, and whose a number. */
  directory: Directory
  /** Which languages are spoken: `[native(), zudu()]`. */
  dialects: readonly Dialect[]
  /** Who may do what. Default: the directory's `authenticate`. */
  auth?: Authenticate
  /** The engine's carrier for campaigns that name none. Needed as soon as one is created. */
  carrier?: string
  /** The engine's back ends, for dialects that look resources up before they make a job. Default: none. */
  resources?: readonly ResourceBackend[]
  /** Balances, for dialects that tell of credit. Default: none. */
  accounts?: Accounts
  /** Looks ahead for a campaign: `forecast` of `outdial`, say. Default: nobody does, and who asks is answered 501. */
  forecast?: Forecaster
  /** `own` (default): an organization may call only from numbers that the directory says are its. `any`: from whatever. */
  callerIds?: 'own' | 'any'
  /** What campaigns are made of beside what their requests say: defaults, and rules that hold in any case. Default: nothing. */
  campaigns?: CampaignPolicy
  /** Path in front of every route, when the server passes it on: `/telephony`. Default: none. */
  basePath?: string
  /** How clients reach it, for URLs in answers: `https://calls.example.com`. Default: what the request says. */
  publicUrl?: string
  /** Key of signed URLs, 32 characters at least; the same in every process. Default: a random one, of this process. */
  signingKey?: string
  limits?: Partial<HttpLimits>
  /** Default: none. Answers say nothing about other origins. */
  cors?: CorsOptions
  /** Where carriers' webhooks are taken: below it, by the carrier's name, `/carriers/NAME/events`. `false`: nowhere. Default `/carriers`. */
  carriers?: string | false
  /** The engine's. Default: the machine's. */
  clock?: Clock
  /** Told of defects and of stores that are away: what was thrown, never shown to the client. Default: nobody. */
  onError?: (error: unknown, request: FailedRequest) => void
  /** Told of every request that was answered. Default: nobody. */
  onRequest?: (log: RequestLog) => void
}

/** The transport: a function, and what else a server needs of it. */
export interface HttpTransport {
  (request: Request): Promise<Response>
  /** Its dialects with their routes, for documents and tests. */
  readonly dialects: readonly Dialect[]
  /** Event streams and other long answers that are open. */
  readonly openStreams: number
  /**
   * For a server that is about to stop: ends the long answers, answers new requests with 503 `engine_stopped` in the words of their dialect, and
   * resolves when those under way are answered. Webhooks of carriers are taken all the same, because live calls end by them: stop the
   * engine next, and the server last. It may be repeated.
   */
  close(): Promise<void>
}
