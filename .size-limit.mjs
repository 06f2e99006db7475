// Checked by `npm run sizes` and `npm test`, compressed as the server sends it. Why: the page of somebody else pays for the
// loader, a visitor's phone for the widget, and an agent's morning for the inbox.
import { inboxFiles, loaderFiles, widgetFiles } from './scripts/sizes.mjs'

export default [
  { name: 'the loader, on every page of a website', path: loaderFiles(), limit: '3072 B', gzip: true },
  { name: 'the opened widget, all of it', path: widgetFiles(), limit: '61440 B', gzip: true },
  { name: 'the inbox, before it can be read', path: inboxFiles(), limit: '225280 B', gzip: true },
]
