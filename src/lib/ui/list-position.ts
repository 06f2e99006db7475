import type { VirtualizerHandle } from 'virtua/svelte'

type Handle = Pick<
  VirtualizerHandle,
  'findItemIndex' | 'getItemOffset' | 'getItemSize' | 'getScrollOffset' | 'getViewportSize'
>

/** What is at the top of the list, and whether the open conversation can be seen in it. */
export interface Position {
  top: { id: string; beyond: number } | null
  currentSeen: boolean
}

/**
 * Where a list stands, before its lines change. Null: at its beginning, where new lines are to be seen.
 *
 * @param ids the lines' ids, in the order in which the list shows them
 */
export function positionIn(list: Handle, ids: readonly string[], current: string | null): Position {
  const offset = list.getScrollOffset()
  const first = list.findItemIndex(offset)
  const id = ids[first]
  const at = current === null ? -1 : ids.indexOf(current)
  return {
    top: offset <= 0 || id === undefined ? null : { id, beyond: offset - list.getItemOffset(first) },
    currentSeen: at !== -1 && isSeen(list, at),
  }
}

/**
 * Where the list is to be scrolled to after its lines have changed, in px; null: nowhere. Whoever reads further down is
 * not moved by what arrives above, and the open conversation stays in sight if it was.
 */
export function scrollAfter(
  list: Handle,
  before: Position,
  places: ReadonlyMap<string, number>,
  current: string | null,
): number | null {
  const at = current === null ? undefined : places.get(current)
  const top = before.top === null ? undefined : places.get(before.top.id)
  const kept = top === undefined || before.top === null ? null : list.getItemOffset(top) + before.top.beyond
  if (at === undefined || !before.currentSeen) return kept
  const [begin, end] = [list.getItemOffset(at), list.getItemOffset(at) + list.getItemSize(at)]
  const from = kept ?? list.getScrollOffset()
  if (begin < from) return begin
  const last = end - list.getViewportSize()
  return last > from ? last : kept
}

function isSeen(list: Handle, index: number): boolean {
  const begin = list.getItemOffset(index)
  const offset = list.getScrollOffset()
  return begin + list.getItemSize(index) > offset && begin < offset + list.getViewportSize()
}
