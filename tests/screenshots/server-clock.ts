import { setAhead } from './clock.ts'

// Loaded before the server (`node --import`).
setAhead(Number(process.env['PARLEY_SCREENSHOTS_AHEAD'] ?? 0))
