import config from './jest.config.js';

/** The tests beside their subject: they open no port and no database, and start no program. */
export default {
  ...config,
  testMatch: [
    '<rootDir>/{common,engine,gateway,subgraphs,events,composition,storefront,tools}/**/*.test.ts',
  ],
};
