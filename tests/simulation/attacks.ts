import { roomName } from '#conversation/rooms.ts'
import { attack, REPLAYS } from './hostile.ts'
import { startedBy, type Count } from './people.ts'
import type { World } from './world.ts'

/** Steps of those who mean no good, or are not what they seem. */

/** An agent or a visitor of no good intentions in somebody's conversation, or in one of their own. */
export async function somebodyAttacks(world: World, count: Count): Promise<void> {
  const { random } = world
  const started = (await Promise.all(world.visitors.map((visitor) => startedBy(world, visitor)))).flat()
  const insider = random.chance(0.6)
  const principal = insider ? world.eve : world.mallory
  // The visitor of no good intentions tries others' conversations, too; and has some of her own.
  const conversation = random.chance(insider ? 0.95 : 0.4) ? random.pick(started) : world.newId()
  if (conversation === undefined) return
  const what = attack({
    random,
    principal,
    link: world.intruders,
    accept: (server) => world.accept(principal, 'attacker', server),
    room: roomName({ kind: random.chance(0.7) ? 'thread' : 'team', conversation }),
    overheard: (random.pick(world.browsers)?.link.sent ?? []).map(({ message }) => message),
    newId: () => world.newId(),
  })
  count(`attack: ${what}`)
}

/** A browser that was cloned says what the other one has said, in the same name: late, doubled and in any order. */
export async function cloneReplays(world: World, count: Count): Promise<void> {
  const { random } = world
  const browser = random.pick(world.browsers)
  if (browser === undefined) return
  const { principal, link } = browser
  const room = random.pick(link.sent)?.room
  if (room === undefined) return
  const what = attack(
    {
      random,
      principal,
      link: world.intruders,
      accept: (server) => world.accept(principal, 'clone', server),
      room,
      overheard: link.sent.filter((each) => each.room === room).map(({ message }) => message),
      newId: () => world.newId(),
    },
    REPLAYS,
  )
  count(what === REPLAYS ? 'replays in one’s own name' : `attack: ${what}`)
}
