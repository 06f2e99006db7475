/** IndexedDB with promises: as much of it as the device needs. */

export interface OpenOptions {
  version: number
  /** Makes the stores of a new database. */
  upgrade(db: IDBDatabase): void
  /** Another tab deletes it or brings a newer schema, or the browser ends the connection. */
  lost(): void
}

/** Opens a database; rejects if the browser will not have it. */
export async function openDatabase(name: string, { version, upgrade, lost }: OpenOptions): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, version)
  opening.onupgradeneeded = () => upgrade(opening.result)
  const db = await answer(opening)
  db.onversionchange = () => {
    // Whoever waits for us is newer, or wipes: give way at once.
    db.close()
    lost()
  }
  db.onclose = lost
  return db
}

/** Deletes a database; one that another tab has open is gone as soon as that one lets go of it. */
export async function deleteDatabase(name: string): Promise<void> {
  await answer(indexedDB.deleteDatabase(name))
}

/** The result of one request. */
export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new DOMException('IndexedDB has failed', 'UnknownError'))
  })
}

/** Resolves when the transaction is on the disk; rejects if it was not, whatever its requests have said. */
export function committed(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve()
    tx.onabort = tx.onerror = () => reject(tx.error ?? new DOMException('The transaction was aborted', 'AbortError'))
  })
}
