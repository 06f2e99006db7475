import { bodyFromText } from '#conversation/body.ts'
import { createUlid, isUlid } from '#conversation/ids.ts'
import { createVisitorDevice } from '#sync/device.ts'
import type { Device } from '#sync/port.ts'
import { m } from '#texts'
import { browserKept } from '#ui/kept.ts'
import { SEATS } from './people.ts'
import { lines, NoAnswer, plug, signIn, visitorSession } from './server.ts'

/** What the sample website keeps of its visitor (src/widget/host/kept.ts), as far as the stage has to do with it. */
interface Kept {
  token: string
  visitor: string
  conversation?: string
}

const KEPT = 'parley:demo'
/** The visitor's first name is on the stage, too (people.ts). */
const VISITOR_NAME = 'Robin Vale'
const VISITOR_SEAT = { path: '/demo/seat/visitor', profile: 'stage/visitor/' }

/**
 * Sets the scene: agents who are signed in, and a visitor who has begun a conversation. All of it goes the way that
 * people's own doing goes; a scene that was left is found as it was left, also with lines that are unplugged.
 *
 * @returns the conversation that everybody has before them
 * @throws NoAnswer if the server cannot be reached
 */
export async function setScene(): Promise<string> {
  const before = readKept()
  if (before?.conversation === undefined) await plugEverybodyIn()
  await Promise.all([signIn('ada').catch(unplugged), signIn('bo').catch(unplugged)])
  return conversationOf(before).catch((error: unknown) => {
    if (before?.conversation === undefined) throw error
    unplugged(error)
    return before.conversation
  })
}

/** A first visit needs the lines of everybody: without one there is nothing to show yet. */
async function plugEverybodyIn(): Promise<void> {
  const plugged = await lines()
  for (const seat of SEATS) if (!plugged[seat]) await plug(seat, true)
}

/** A line that is unplugged is no failure: the person there goes on with what their device has. */
function unplugged(error: unknown): void {
  if (!(error instanceof NoAnswer)) throw error
}

async function conversationOf(before: Kept | null): Promise<string> {
  const session = await visitorSession(before?.token)
  const visitor = session.visitor.id
  const same = before?.visitor === visitor
  const open = session.conversations.filter(({ status }) => status === 'open').map(({ id }) => id)
  const current = open.find((id) => same && id === before.conversation) ?? open[0]
  const conversation = current ?? (await begin(visitor, session.token))
  const kept = same ? before : {}
  browserKept.write(KEPT, JSON.stringify({ ...kept, token: session.token, visitor, conversation }))
  return conversation
}

/** The visitor asks something: on a device of theirs, which their frame then goes on with. */
async function begin(visitor: string, token: string): Promise<string> {
  const device = await createVisitorDevice({
    principal: `visitor:${visitor}`,
    inbox: 'demo',
    token,
    url: location.origin.replace(/^http/, 'ws') + VISITOR_SEAT.path,
    environment: { profile: VISITOR_SEAT.profile },
  })
  const conversation = device.open(
    createUlid({ now: () => Date.now(), random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes.length)) }),
  )
  const page = { url: `${location.origin}/demo/`, title: 'Lumen & Oak', referrer: '' }
  await conversation.write.open({ inbox: 'demo', page, locale: navigator.language })
  const words = bodyFromText(m.stage_first_words())
  if (words !== null) await conversation.write.message(words)
  await conversation.write.identify({ name: VISITOR_NAME, email: 'robin@example.com' })
  await allSent(device)
  await device.close()
  return conversation.id
}

/** Resolves when nothing waits on the device any more. */
function allSent(device: Device): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (device.connection.waiting > 0) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = device.subscribeConnection(look)
    look()
  })
}

function readKept(): Kept | null {
  try {
    const kept = JSON.parse(browserKept.read(KEPT) ?? 'null') as Kept | null
    return kept !== null && isUlid(kept.visitor) ? kept : null
  } catch {
    return null
  }
}
