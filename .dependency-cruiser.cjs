// Who may import whom: the arrows of ARCHITECTURE.md, each with its reason.
//   routes → features → ui → texts;  features, widget → sync → conversation;  sync-server → conversation

const FEATURE = '^src/lib/(?!(?:ui|texts)/)([^/]+)/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'model-stands-alone',
      comment:
        'The model runs on the server, in the app and in the widget; whatever it imported, all three would carry.',
      severity: 'error',
      from: { path: '^src/conversation/' },
      to: { path: '^(src/(?!conversation/)|sync-server/|tests/|scripts/)' },
    },
    {
      name: 'model-is-pure',
      comment:
        'The same entries must fold to the same view everywhere and at any time: no platform, no I/O, no screen.',
      severity: 'error',
      from: { path: '^src/conversation/' },
      to: {
        path: 'node_modules/(svelte|@sveltejs|idb|ws|y-websocket|y-indexeddb|hono|@hono|better-sqlite3|pg|kysely)/|^\\$app',
      },
    },
    {
      name: 'model-uses-no-node',
      comment: 'The model also runs in browsers, which have no node: modules.',
      severity: 'error',
      from: { path: '^src/conversation/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'yjs-only-in-document',
      comment: 'One module knows how entries lie in a Yjs document; the relay reads and writes them without Yjs.',
      severity: 'error',
      from: { path: '^src/conversation/', pathNot: '^src/conversation/document\\.ts$' },
      to: { path: 'node_modules/yjs/' },
    },
    {
      name: 'sync-has-no-screen',
      comment: 'App and widget share the device side of sync, and it is tested without a browser.',
      severity: 'error',
      from: { path: '^src/sync/' },
      to: { path: '^src/(lib|routes|widget)/|\\.svelte(\\.ts)?$|node_modules/(svelte|@sveltejs)/|^\\$' },
    },
    {
      name: 'ui-knows-no-chat',
      comment: 'Components that know nothing of conversations can be used, and judged, by themselves.',
      severity: 'error',
      from: { path: '^src/lib/ui/' },
      to: { path: '^src/(?!lib/(?:ui|texts)/)|^sync-server/' },
    },
    {
      name: 'texts-are-words',
      comment: 'Every room of the app says its words; whatever they imported, all would carry.',
      severity: 'error',
      from: { path: '^src/lib/texts/' },
      to: { path: '^(src/(?!lib/texts/|conversation/languages)|sync-server/)' },
    },
    {
      name: 'features-stand-apart',
      comment: 'Features meet in routes. One that imports another cannot be changed or removed alone.',
      severity: 'error',
      from: { path: FEATURE },
      to: { path: '^src/lib/(?!(?:ui|texts)/)[^/]+/', pathNot: '^src/lib/$1/' },
    },
    {
      name: 'nothing-imports-routes',
      comment: 'Routes are where everything else is put together.',
      severity: 'error',
      from: { pathNot: '^src/routes/' },
      to: { path: '^src/routes/' },
    },
    {
      name: 'widget-is-apart',
      comment: 'Visitors download the widget: it brings nothing of the app, and the app nothing of it.',
      severity: 'error',
      from: { path: '^src/widget/' },
      to: { path: '^src/(lib|routes)/' },
    },
    {
      name: 'service-worker-stands-alone',
      comment: 'It stays between the browser and every version of the app: what it imports may not change with them.',
      severity: 'error',
      from: { path: '^src/service-worker/' },
      to: { path: '^(src/(?!service-worker/)|sync-server/)' },
    },
    {
      name: 'nothing-imports-service-worker',
      comment: 'The browser starts it, and it is a program of its own.',
      severity: 'error',
      from: { pathNot: '^src/service-worker/' },
      to: { path: '^src/service-worker/' },
    },
    {
      name: 'nothing-imports-widget',
      comment: 'The widget is a program of its own, with its own build.',
      severity: 'error',
      from: { pathNot: '^src/widget/' },
      to: { path: '^src/widget/' },
    },
    {
      name: 'client-takes-only-http',
      comment:
        'The browser and the server share the API, described by the types of sync-server/http, and nothing else.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^sync-server/(?!http/)' },
    },
    {
      name: 'client-takes-only-types',
      comment: 'A value import would put server code, and what it imports, into the browser.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^sync-server/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'server-takes-only-the-model',
      comment: 'Server and devices agree on the model; everything else of theirs is their own.',
      severity: 'error',
      from: { path: '^sync-server/' },
      to: { path: '^src/(?!conversation/)' },
    },
    {
      name: 'relay-only-relays',
      comment: 'The relay knows sockets and the store. Mail and HTTP are put beside it in main.ts.',
      severity: 'error',
      from: { path: '^sync-server/relay/' },
      to: { path: '^sync-server/(mail|http)/|node_modules/(nodemailer|mailparser|hono|@hono|svelte)/' },
    },
    {
      name: 'nothing-imports-main',
      comment: 'main.ts wires everything together; whoever imported it would start a server.',
      severity: 'error',
      from: {},
      to: { path: '^sync-server/main\\.ts$' },
    },
    {
      name: 'no-circles',
      comment:
        'Modules in a circle can only be understood, tested and loaded together. Types alone load nothing, and a ' +
        'component that imports itself is how Svelte writes recursion.',
      severity: 'error',
      from: { path: '^(.+)$' },
      to: { circular: true, pathNot: '^$1$', viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      comment: 'The rules above go by path; an import that cannot be resolved would slip past all of them.',
      severity: 'error',
      from: {},
      // SvelteKit's own modules exist only while Vite runs.
      to: { couldNotResolve: true, pathNot: '^(\\$app/|\\$env/|\\$service-worker$|\\./\\$types|virtual:)' },
    },
    {
      name: 'no-development-packages',
      comment: 'NODE_ENV=production installs no devDependencies; what runs or is built there must not need them.',
      severity: 'error',
      from: { path: '^(src|sync-server)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Tells `import type` from `import`, which some rules turn on.
    tsPreCompilationDeps: 'specify',
    webpackConfig: { fileName: 'scripts/aliases.mjs' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'browser', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.svelte', '.json'],
    },
  },
}
