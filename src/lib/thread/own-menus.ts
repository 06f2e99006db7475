import type { Principal } from '#conversation/ids.ts'
import type { Row } from './layout.ts'
import { isOwnMessage } from './own-message.ts'

/** The places of the rows that have a menu: one's own messages that can still be changed. */
export function menuRows(rows: readonly Row[], me: Principal): number[] {
  return rows.flatMap((row, index) => (row.row === 'message' && isOwnMessage(row.item, me) ? index : []))
}

/** The menu that the Tab key goes to while rows up to `last` are on the screen: the last of those, else the first. */
export function menuAt(menus: readonly number[], last: number): number | null {
  return menus.findLast((index) => index <= last) ?? menus[0] ?? null
}

/** The entry whose menu has the focus, or null: menus that are open, and fields, have keys of their own. */
export function menuWithFocus(target: EventTarget | null): string | null {
  if (!(target instanceof Element) || target.closest('.own-menu > button') === null) return null
  return target.closest<HTMLElement>('[data-entry]')?.dataset['entry'] ?? null
}
