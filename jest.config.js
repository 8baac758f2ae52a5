/** The tests that take long, which `npm run test:long` runs. */
const long = '[.]long[.]test[.]ts$';

/** Jest runs the tests, Node.js loads the modules: none of them twice in a process, and all of one realm. */
export default {
  runtime: '<rootDir>/test/support/jest/runtime.js',
  testEnvironment: './test/support/jest/environment.js',
  injectGlobals: false,
  transform: {},
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/bench/', '/.data/', long],
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
  globalSetup: './test/support/build-programs.js',
  reporters: [
    'default',
    ['./tools/jest/title-reporter.js', { file: 'node_modules/.cache/supergraph/test-titles.json' }],
    './tools/jest/count-reporter.js',
  ],
  watchman: false,
  // Twice the cores that CI has: while some wait for a clock or a peer, the others work.
  maxWorkers: 4,
  // Long enough for a busy machine: a time-out is to find what hangs, not what is slow.
  testTimeout: 300_000,
};
