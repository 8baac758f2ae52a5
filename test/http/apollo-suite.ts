import { defineIntegrationTestSuite } from '@apollo/server-integration-testsuite';
import { describe, expect, it } from '@jest/globals';
import { createSuiteServers, type SuiteExecution } from './suite-server.ts';

/** Names of tests, below the suite's own title, by the reason why they are not run. */
export type Exclusions = Readonly<Record<string, readonly string[]>>;

/** What our HTTP server does otherwise on purpose, whatever executes the operations: shown in ../gateway/answers.test.ts. */
export const otherwiseOverHttp: Exclusions = {
  'a body that is not application/json is refused with 415, not with 400': [
    'apolloServerTests.ts › CSRF prevention › default',
    'httpServerTests.ts › graphqlHTTP › throws an error if POST body is empty',
    'httpServerTests.ts › graphqlHTTP › throws an error if invalid content-type',
  ],
  'a body that cannot be read is refused in our own words': [
    'httpServerTests.ts › graphqlHTTP › throws an error if POST JSON is malformed',
  ],
};

declare global {
  // Said to ../support/suite-environment.js, and by it.
  var excludedTests: readonly string[];
  var suiteTests: Readonly<Record<'run' | 'excluded' | 'skipped', readonly string[]>>;
}

/**
 * Runs Apollo Server's suite for integrations against our HTTP server, in a file with the suite's environment. Of its
 * tests `excluded` are left out, and those that it skips itself: they need graphql 17. `answersDirectly` is how many
 * operations the direct lane answers at least, of those the suite happens to send twice.
 */
export function describeApolloSuite(
  execution: SuiteExecution,
  {
    excluded,
    answersDirectly,
  }: { readonly excluded: Exclusions; readonly answersDirectly: number },
): void {
  const title = `http: the integration suite of Apollo Server, executed by the ${execution}`;
  const names = Object.values(excluded).flat();
  globalThis.excludedTests = names.map((name) => `${title} › integration tests › ${name}`);

  describe(title, () => {
    const servers = createSuiteServers(execution);
    defineIntegrationTestSuite(servers.create);

    it(`ran all of it but ${names.length} tests`, () => {
      const { run, excluded: found, skipped } = globalThis.suiteTests;
      const own = 2;
      expect(found).toHaveLength(names.length);
      expect(skipped).toHaveLength(24);
      expect(run.length + found.length).toBe(246 + own);
    });

    it('answered on the lane that was to be seen', () => {
      const answered = servers.answeredDirectly();
      if (answersDirectly === 0) expect(answered).toBe(0);
      else expect(answered).toBeGreaterThanOrEqual(answersDirectly);
    });
  });
}
