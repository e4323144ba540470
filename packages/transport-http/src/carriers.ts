import { type Engine, isOutdialError, type WebhookRequest } from '@outdial/core'
import type { Hono } from 'hono'
import { empty } from './frame/answers.js'
import { RequestFailed } from './frame/failure.js'
import type { Pipeline } from './frame/pipeline.js'

/** Takes webhooks of carriers. Their signatures are the carrier adapter's to check, so there is no key. */
export function mountCarriers(app: Hono, path: string, engine: Pick<Engine, 'webhook'>, pipeline: Pipeline): void {
  app.post(`${path}/:carrier/events`, ({ req }) =>
    pipeline.plain(req.raw, '/carriers/:carrier/events', async (url) => {
      const body = await pipeline.body(req.raw).text()
      const webhook: WebhookRequest = {
        method: req.method,
        url,
        headers: Object.fromEntries(req.raw.headers),
        body,
      }
      try {
        await engine.webhook(req.param('carrier'), webhook)
      } catch (error) {
        // A carrier that is not there, or has no webhooks, is a path that is not there.
        if (isOutdialError(error, 'unknown_carrier') || isOutdialError(error, 'not_supported'))
          throw new RequestFailed({ kind: 'not_found' })
        throw error
      }
      return empty()
    }),
  )
}
