import * as commands from '#conversation/commands.ts'
import type { Author, Talk, Written } from '#conversation/commands.ts'
import type { Writers } from '#sync/port.ts'

/**
 * The writers of one conversation: each builds an entry (or throws a CommandError), hands it over to be committed, and
 * resolves with its id.
 */
export function createWriters(
  author: () => Author,
  talk: () => Talk,
  commit: (written: Written) => Promise<void>,
): Writers {
  const put = async (written: Written) => {
    await commit(written)
    return written.id
  }
  return {
    open: async (from) => put(commands.open(author(), talk(), from)),
    message: async (body) => put(commands.message(author(), talk(), body)),
    edit: async (entry, body) => put(commands.edit(author(), talk(), entry, body)),
    retract: async (entry) => put(commands.retract(author(), talk(), entry)),
    identify: async (who) => put(commands.identify(author(), talk(), who)),
    close: async () => put(commands.close(author(), talk())),
    rate: async (score, text) => put(commands.rate(author(), talk(), score, text)),
    comment: async (body, mentions) => put(commands.comment(author(), talk(), body, mentions)),
    assign: async (to) => put(commands.assign(author(), talk(), to)),
  }
}
