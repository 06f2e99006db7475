import type { FeedRow } from '#conversation/rows.ts'
import { orderAfter, placedBefore, type Disk, type LocalMarker, type OutboxRow } from '#sync/disk.ts'

/** A disk for browsers that keep nothing (private mode, blocked or full storage): the same interface, in memory. */
export function createMemoryDisk(): Disk {
  const outbox = new Map<string, OutboxRow>()
  const generations = new Map<string, number>()
  const rows = new Map<string, FeedRow>()
  const markers = new Map<string, LocalMarker>()
  let cursor: number | null = null
  const inOrder = () => [...outbox.values()].sort((a, b) => a.order - b.order)

  return {
    storage: 'memory',
    outbox: async () => inOrder(),
    async addRow(row, instead) {
      if (instead !== undefined) outbox.delete(instead)
      const placed = { ...row, order: orderAfter(inOrder().at(-1)?.order ?? null, row.writtenAt) }
      outbox.set(row.id, placed)
      return placed
    },
    async changeRows(changed) {
      for (const row of changed) if (outbox.has(row.id)) outbox.set(row.id, row)
    },
    async removeRows(ids) {
      for (const id of ids) outbox.delete(id)
    },
    async settleRows(_room, ids) {
      for (const id of ids) outbox.delete(id)
    },
    generation: async (room) => generations.get(room) ?? 0,
    async nextGeneration(room, from, own) {
      const generation = Math.max(generations.get(room) ?? 0, from) + 1
      generations.set(room, generation)
      const added = placedBefore(room, inOrder(), own)
      for (const row of added) outbox.set(row.id, row)
      return { generation, added }
    },
    // Documents are kept nowhere either: those that are open are the relay's.
    suspects: async () => [],
    cleared: async () => {},
    oldCopies: async () => [],
    forgetCopies: async () => {},
    allCopies: async () => [],
    feed: async () => ({ rows: [...rows.values()], cursor }),
    async putFeed(page) {
      if (page.from === null) rows.clear()
      for (const row of page.rows) {
        if (row.kind === 'gone') rows.delete(`${row.of}/${row.id}`)
        else rows.set(`${row.kind}/${row.id}`, row)
      }
      cursor = page.cursor
    },
    markers: async () => [...markers.values()],
    async putMarker(marker) {
      markers.set(marker.conversation, marker)
    },
    async removeMarker(conversation) {
      markers.delete(conversation)
    },
    close() {},
    wipe: async () => {},
  }
}
