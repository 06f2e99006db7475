import { roleOf, type Principal } from '#conversation/ids.ts'
import { roomName } from '#conversation/rooms.ts'
import type { MarkerRow } from '#conversation/rows.ts'
import { Changes } from '#sync/changes.ts'
import type { Disk, LocalMarker } from '#sync/disk.ts'
import type { Cancel } from '#sync/environment.ts'
import type { Connection } from '#sync/socket.ts'

export interface ReadMarkersOptions {
  principal: Principal
  disk: Disk
  connection: Connection
}

/**
 * How far this principal has read. A marker moves here at once, is told to the relay, and is told again after each
 * reconnection until the relay counts as much as read.
 */
export class ReadMarkers {
  readonly #options: ReadMarkersOptions
  readonly #changes = new Changes()
  /** As far as this device knows of itself. */
  readonly #local = new Map<string, LocalMarker>()
  /** As the relay has told it. Visitors are told none. */
  readonly #told = new Map<string, MarkerRow>()
  readonly #end: Cancel

  private constructor(options: ReadMarkersOptions, markers: LocalMarker[]) {
    this.#options = options
    for (const marker of markers) this.#local.set(marker.conversation, marker)
    this.#end = options.connection.onOpen(() => {
      for (const marker of this.#local.values()) if (this.#isNews(marker)) this.#tell(marker)
    })
  }

  /** Reads the markers that the relay may not have. */
  static async start(options: ReadMarkersOptions): Promise<ReadMarkers> {
    return new ReadMarkers(options, await options.disk.markers())
  }

  readonly subscribe = this.#changes.subscribe
  readonly watch = this.#changes.watch

  /**
   * Moves a marker ahead; back is nothing.
   *
   * @param placeOf the stamp index that an entry has now: after a restored backup it may be another one, or none
   */
  move(marker: LocalMarker, placeOf: (entry: string) => number | null): void {
    const { conversation, entry, index } = marker
    const known = this.#local.get(conversation)
    const place = known === undefined ? null : placeOf(known.entry)
    // What the disk keeps of a place that is no more would stand in the way of the new one.
    if (known !== undefined && place !== known.index) void this.#options.disk.removeMarker(conversation)
    if ((place !== null && place >= index) || this.#told.get(conversation)?.entry === entry) return
    this.#local.set(conversation, marker)
    // One that counts no more messages as read is told now, and is not worth remembering.
    if (this.#isNews(marker)) void this.#options.disk.putMarker(marker)
    this.#tell(marker)
    this.#changes.tell()
  }

  /** How many visitor messages of a conversation are read, here or on another device. */
  read(conversation: string): number {
    return Math.max(this.#told.get(conversation)?.read ?? 0, this.#local.get(conversation)?.read ?? 0)
  }

  /** The relay has told a marker, now or in an earlier session. */
  heard(row: MarkerRow): void {
    this.#told.set(row.id, row)
    const local = this.#local.get(row.id)
    if (local !== undefined && !this.#isNews(local)) void this.#options.disk.removeMarker(row.id)
    this.#changes.tell()
  }

  /** What the relay has told holds no more: of one conversation, or of all. */
  unheard(conversation?: string): void {
    if (conversation === undefined) this.#told.clear()
    else this.#told.delete(conversation)
    this.#changes.tell()
  }

  close(): void {
    this.#end()
    this.#changes.clear()
  }

  #isNews({ conversation, read }: LocalMarker): boolean {
    return read > (this.#told.get(conversation)?.read ?? 0) || roleOf(this.#options.principal) === 'visitor'
  }

  #tell({ conversation, entry }: LocalMarker): void {
    const { connection, disk, principal } = this.#options
    const room = roomName({ kind: 'thread', conversation })
    const sent = connection.sendFrame({ kind: 'seen', room, entry })
    // Visitors are told no markers; what was said on an open socket is the best that is known of theirs.
    if (sent && roleOf(principal) === 'visitor') void disk.removeMarker(conversation)
  }
}
