import config from './jest.config.js';

/** The tests that take long: processes that start as people start them, the build, the oracles. */
export default {
  ...config,
  // They work all the time, and what they measure themselves against has deadlines.
  maxWorkers: 2,
  testMatch: ['**/*.long.test.ts'],
  testPathIgnorePatterns: config.testPathIgnorePatterns.filter(
    (pattern) => !pattern.includes('long'),
  ),
};
