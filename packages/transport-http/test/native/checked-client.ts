import { expect } from 'vitest'
import { z } from 'zod'
import { problem } from '../../src/dialects/native/schema/answers.js'
import { native, type Route } from '../../src/index.js'
import { type Answer, Client } from '../support/client.js'

const { routes } = native()

/** A client that holds every answer against what its route says it answers: the schemas of the OpenAPI document. */
export class CheckedClient extends Client {
  override async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const answer = await super.send(method, path, body, headers)
    const route = routeOf(method, path)
    const fits = (schema: z.ZodType) => expect(schema.safeParse(answer.body).error?.issues ?? []).toEqual([])
    if (answer.status >= 400) fits(problem)
    else if (route) {
      const { document } = route
      expect(answer.status).toBe(document?.status)
      if (document?.answer instanceof z.ZodType) fits(document.answer)
      else if (document?.answer) expect(document.answer).toContain(answer.headers.get('content-type')?.split(';')[0])
      else expect(answer.text).toBe('')
    }
    return answer
  }
}

function routeOf(method: string, path: string): Route | undefined {
  const [plain = ''] = path.split('?')
  return routes.find(
    (route) => route.method === method && new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(plain),
  )
}
