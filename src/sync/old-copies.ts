import type { Principal } from '#conversation/ids.ts'
import type { Disk } from '#sync/disk.ts'
import type { Environment } from '#sync/environment.ts'
import { deleteDatabase } from '#sync/indexed.ts'
import { copyName } from '#sync/ledger.ts'

/** The database that holds everything of a principal but the documents. */
export function diskName({ profile }: Pick<Environment, 'profile'>, principal: Principal): string {
  return `parley/${profile}${principal}`
}

/** A principal's databases by the browser's own list; none where a browser keeps none, or gives no list. */
export async function databasesOf({
  environment,
  principal,
}: {
  environment: Pick<Environment, 'profile' | 'indexedDB'>
  principal: Principal
}): Promise<string[]> {
  const all = (await environment.indexedDB?.databases?.()) ?? []
  const disk = diskName(environment, principal)
  const copies = `${environment.profile}${principal}/`
  return all.flatMap(({ name = '' }) => (name === disk || name.startsWith(copies) ? [name] : []))
}

export interface OldCopiesOptions {
  disk: Disk
  environment: Pick<Environment, 'profile'>
  principal: Principal
}

/**
 * Deletes copies that were given up, of one room or of all: they may hold what was erased. A copy that another tab has
 * still open is deleted as soon as that one lets go of it.
 */
export async function deleteOldCopies(
  { disk, environment, principal }: OldCopiesOptions,
  only?: string,
): Promise<void> {
  if (disk.storage === 'memory') return
  for (const { room, generations } of await disk.oldCopies()) {
    if (only !== undefined && room !== only) continue
    for (const generation of generations)
      await deleteDatabase(copyName(environment.profile, principal, room, generation))
    await disk.forgetCopies(room, (generations.at(-1) ?? -1) + 1)
  }
}
