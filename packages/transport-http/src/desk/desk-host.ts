import type { Accounts, Directory, Engine, ResourceBackend } from '@outdial/core'
import type { CampaignPolicy } from '../campaign-policy.js'
import type { Forecaster } from '../forecaster.js'
import type { WireFacts } from './wire-facts.js'

/** What the desks of all organizations share. */
export interface DeskHost {
  readonly engine: Pick<Engine, 'calls' | 'operations' | 'suppression' | 'callerIds' | 'setLimits' | 'erase'>
  readonly directory: Directory
  readonly accounts?: Accounts
  readonly forecast?: Forecaster
  readonly resources: readonly ResourceBackend[]
  /** The carrier of campaigns that name none. */
  readonly carrier: string
  readonly callerIds: 'own' | 'any'
  /** What campaigns are made of beside what their requests say. */
  readonly campaigns: CampaignPolicy
  /** Facts that the desk itself keeps with the jobs it makes. */
  readonly facts?: WireFacts
}
