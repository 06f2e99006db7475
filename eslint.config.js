import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

export default defineConfig(
  globalIgnores([
    ...['build/', '.svelte-kit/', 'data/', 'test-results/', 'playwright-report/', 'coverage/', 'static/'],
    // Compiled from the catalogues.
    '**/texts/compiled/',
  ]),
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  svelte.configs.prettier,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        // The sample website's script stands in no tsconfig: it is sent as it is.
        projectService: { allowDefaultProject: ['sync-server/demo/site/*.js'] },
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      // `== null` asks for both null and undefined, and is meant.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // TypeScript knows better, in Svelte files too.
      'no-undef': 'off',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // A leading underscore says that leaving it unused is meant.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // These need types. A promise nobody waits for loses its error, and with it perhaps a message.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // The compiler writes to variables that the linter sees only being read.
      'prefer-const': 'off',
      // The app is always at the root of its server: there is no base path that an address would have to mind.
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived', '$state'] }],
    },
  },
  {
    // The model is pure: time and chance are handed in, and there is no screen, network or process.
    files: ['src/conversation/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['window', 'document', 'process', 'Buffer', 'fetch', 'indexedDB', 'localStorage'],
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The time is handed in.' },
        { object: 'Math', property: 'random', message: 'Chance is handed in.' },
      ],
    },
  },
  {
    // These talk to the person at the terminal.
    files: ['scripts/**', 'tests/**'],
    rules: { 'no-console': 'off' },
  },
)
