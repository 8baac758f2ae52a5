/** Jest runs ES modules (jose and PGlite demand it); TypeScript goes through esbuild. */
export default {
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/bench/', '/.data/'],
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['./test/support/esbuild-transform.js', {}] },
  reporters: ['default', './tools/jest/count-reporter.js'],
  watchman: false,
  maxWorkers: 2,
  testTimeout: 20_000,
};
