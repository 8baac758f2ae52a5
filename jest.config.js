/** Looked up in a test's context, each of these takes longer than what it is used for; libraries get them as arguments. */
const fastGlobals = [
  ...[
    'Object',
    'Array',
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'Symbol',
    'Function',
    'Proxy',
    'Reflect',
  ],
  ...[
    'String',
    'Number',
    'BigInt',
    'Boolean',
    'RegExp',
    'Math',
    'JSON',
    'Promise',
    'Error',
    'TypeError',
  ],
];

/** The tests that take long, which `npm run test:long` runs. */
const long = '[.]long[.]test[.]ts$';

/** Jest runs ES modules (jose and PGlite demand it); TypeScript goes through esbuild. */
export default {
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/bench/', '/.data/', long],
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['./test/support/esbuild-transform.js', {}] },
  globalSetup: './test/support/build-programs.js',
  reporters: [
    'default',
    ['./tools/jest/title-reporter.js', { file: 'node_modules/.cache/supergraph/test-titles.json' }],
    './tools/jest/count-reporter.js',
  ],
  sandboxInjectedGlobals: fastGlobals,
  watchman: false,
  maxWorkers: 2,
  // Long enough for a busy machine: a time-out is to find what hangs, not what is slow.
  testTimeout: 300_000,
};
