import config from './jest.config.js';

/** The tests that take long: processes that start as people start them, the build, the oracles. */
export default {
  ...config,
  // Half of them work all the time, and have deadlines; the others mostly wait for brokers.
  maxWorkers: 3,
  testMatch: ['**/*.long.test.ts'],
  testPathIgnorePatterns: config.testPathIgnorePatterns.filter(
    (pattern) => !pattern.includes('long'),
  ),
};
