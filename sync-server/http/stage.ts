import { SEATS } from '#server/demo/agents.ts'
import { cookieOf, type Lines, type Seats } from '#server/demo/seats.ts'
import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as v from 'valibot'
import { sendShell } from './app-pages.ts'
import { ApiError } from './errors.ts'
import { body } from './json.ts'
import type { Env, HttpParts } from './parts.ts'

export type { Lines }

/** Where the demo's stage is: a page of the app, in the demo alone. */
export const STAGE = '/demo/stage'

const lineBody = v.object({ seat: v.picklist(SEATS), plugged: v.boolean() })

/** The demo's stage: the page, if this is the demo. */
export function stagePage({ config, files }: HttpParts) {
  const { app } = files
  return new Hono<Env>().get(STAGE, (c) => (config.demo && app !== null ? sendShell(c, app, false) : c.notFound()))
}

/** The lines of the stage's seats: which are plugged in, and the switch. */
export function stageApi({ seats }: HttpParts) {
  return (
    new Hono<Env>()
      // Before anything of a call is looked at: outside the demo they are not there, whatever they carry.
      .use('/demo/line', seatsOnly(seats))
      .use('/demo/lines', seatsOnly(seats))
      .get('/demo/lines', (c) => c.json<Lines>(c.var.seats.lines()))
      .post('/demo/line', body(lineBody), (c) => {
        const { seat, plugged } = c.req.valid('json')
        c.var.seats.plug(seat, plugged)
        return c.json<Lines>(c.var.seats.lines())
      })
  )
}

function seatsOnly(seats: Seats | null) {
  return createMiddleware<Env & { Variables: { seats: Seats } }>(async (c, next) => {
    if (seats === null) throw new ApiError('not-found', 'There is no such call.')
    c.set('seats', seats)
    await next()
  })
}

/** A session that a seat is given goes into the seat's own cookie. */
export function seatCookies({ seats }: HttpParts): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next()
    const seat = seats?.of(c.env.incoming) ?? null
    const given = c.res.headers.get('set-cookie')
    if (seat === null || given === null) return
    const name = given.slice(0, given.indexOf('='))
    c.header('set-cookie', `${cookieOf(seat, name)}${given.slice(name.length)}`)
  }
}
