// SvelteKit's alias, for tools that do not run SvelteKit (dependency-cruiser reads it as a resolver's settings).
import path from 'node:path'
import { root } from './run.mjs'

export default { resolve: { alias: { $lib: path.join(root, 'src/lib') } } }
