// A worker on a folder.
import { runCampaign, type WorkerArguments } from '../../../outdial/test/processes/campaign.js'
import { lmdbStorage } from '../../src/index.js'

const [path, ...told] = process.argv.slice(2) as [string, ...WorkerArguments]
await runCampaign(lmdbStorage({ path }), told)
