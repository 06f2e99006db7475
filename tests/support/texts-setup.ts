import { ensureTexts } from '../../scripts/texts.mjs'

// Vitest's global setup: mails and the inbox's words are compiled from the catalogues before anything imports them.
export default ensureTexts
