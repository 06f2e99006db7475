import { seatOf } from '#sync/seat.ts'
import { browserKept, keptUnder, type Kept } from '#ui/kept.ts'

/** The seat of the demo's stage that this page is; null everywhere else, and in tests, which have no window. */
export const ownSeat = typeof window === 'undefined' ? null : seatOf(window)

/** What the browser keeps for the person at this page: not what it keeps for the others on the stage. */
export const ownKept: Kept = ownSeat === null ? browserKept : keptUnder(ownSeat.profile)
