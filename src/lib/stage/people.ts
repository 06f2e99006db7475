import { frameOf } from '#sync/seat.ts'
import { m } from '#texts'

/** Who is on the stage, in the order of the page. */
export const SEATS = ['visitor', 'ada', 'bo'] as const
export type SeatKey = (typeof SEATS)[number]

/** How a seat is presented. */
export interface Person {
  name: string
  /** Where they are: `at the inbox`. */
  place: string
  /** The tab's word, where there is room for one place at a time. */
  tab: string
  /** A colour name of the design; null for the visitor. */
  avatar: string | null
  /** The name of the frame, for who lists the page's frames. */
  frame: string
  /** What to try first. */
  hint: string
}

const AGENTS = { ada: { name: 'Ada', avatar: 'violet' }, bo: { name: 'Bo', avatar: 'teal' } }

export function personAt(seat: SeatKey): Person {
  if (seat === 'visitor') {
    return {
      name: 'Robin',
      place: m.stage_visitor_place(),
      tab: m.stage_website(),
      avatar: null,
      frame: m.stage_frame_visitor(),
      hint: m.stage_hint_visitor(),
    }
  }
  const { name, avatar } = AGENTS[seat]
  return {
    name,
    place: m.stage_agent_place(),
    tab: name,
    avatar,
    frame: m.stage_frame_agent({ name }),
    hint: seat === 'ada' ? m.stage_hint_ada() : m.stage_hint_bo(),
  }
}

/** The page in a seat's frame, and the frame's name, by which the page knows where it is. */
export function frameAt(seat: SeatKey, conversation: string): { src: string; name: string } {
  return { src: seat === 'visitor' ? '/demo/' : `/inbox/${conversation}`, name: frameOf(seat) }
}
