/** @jest-environment ./test/support/jest/suite-environment.js */
import { defineIntegrationTestSuite } from '@apollo/server-integration-testsuite';
import { describe, expect, it } from '@jest/globals';
import { createSuiteServer } from './suite-server.ts';

/** Names of tests, below the suite's own title, by the reason why they are not run. */
type Exclusions = Readonly<Record<string, readonly string[]>>;

/** Tests that no gateway can pass, because a subgraph executes: ApolloGateway fails exactly the same ones. */
const noneBehindGateway: Exclusions = {
  'an error of a subgraph comes as JSON: of no class, without locations, and names its subgraph': [
    'apolloServerTests.ts › constructor › appropriate error for bad user input › catches custom scalar parseValue and preserves code',
    'apolloServerTests.ts › constructor › appropriate error for bad user input › catches custom scalar parseValue and returns BAD_USER_INPUT',
    'apolloServerTests.ts › lifecycle › shows error extensions in extensions (only!)',
    'httpServerTests.ts › graphqlHTTP › GraphQLError HTTP extensions are respected and stripped',
    'httpServerTests.ts › graphqlHTTP › allows for custom error formatting to elaborate',
    'httpServerTests.ts › graphqlHTTP › formatError receives error that can be unwrapped to pass instanceof checks',
    'httpServerTests.ts › graphqlHTTP › formatError receives error that passes instanceof checks when GraphQLError',
  ],
  'resolvers that are timed one by one are in the subgraph': [
    'apolloServerTests.ts › Federated tracing › with non-nullable _Service.sdl! field › includes errors in federated trace',
    'apolloServerTests.ts › Federated tracing › with non-nullable _Service.sdl! field › reports a total duration that is longer than the duration of its resolvers',
    'apolloServerTests.ts › Federated tracing › with nullable _Service.sdl field › includes errors in federated trace',
    'apolloServerTests.ts › Federated tracing › with nullable _Service.sdl field › reports a total duration that is longer than the duration of its resolvers',
    'apolloServerTests.ts › lifecycle › for Apollo usage reporting › traces › does not expose stack',
    'apolloServerTests.ts › lifecycle › for Apollo usage reporting › traces › error munging › masked',
    'apolloServerTests.ts › lifecycle › for Apollo usage reporting › traces › error munging › sendErrors › modified error',
    'apolloServerTests.ts › lifecycle › for Apollo usage reporting › traces › error munging › sendErrors › new error',
    'apolloServerTests.ts › lifecycle › for Apollo usage reporting › traces › error munging › sendErrors › nulled error',
    'apolloServerTests.ts › lifecycle › for Apollo usage reporting › traces › error munging › undefined error',
    'apolloServerTests.ts › lifecycle › for Apollo usage reporting › traces › error munging › unmodified',
  ],
  'the root type of a supergraph is called Query, whatever it is called in a subgraph': [
    'httpServerTests.ts › graphqlHTTP › can handle Rover introspection request',
    'httpServerTests.ts › graphqlHTTP › can handle introspection request',
    'httpServerTests.ts › graphqlHTTP › returns an error on validation failure',
  ],
  'the cache policy of fields is set in the subgraph': [
    'httpServerTests.ts › graphqlHTTP › cache-control set with defaultMaxAge',
  ],
  'the test replaces the execution of graphql-js, which a gateway does not use': [
    'httpServerTests.ts › incremental delivery › mocked execution › basic @defer working graphql@17.0.0-alpha.9',
    'httpServerTests.ts › incremental delivery › mocked execution › basic @defer working legacy incremental',
    'httpServerTests.ts › incremental delivery › mocked execution › first payload sent while deferred field is blocking graphql@17.0.0-alpha.9',
    'httpServerTests.ts › incremental delivery › mocked execution › first payload sent while deferred field is blocking legacy incremental',
  ],
};

declare global {
  // Said to ../support/jest/suite-environment.js, and by it.
  var excludedTests: readonly string[];
  var suiteTests: Readonly<Record<'run' | 'excluded' | 'skipped', readonly string[]>>;
}

const title = 'http: the integration suite of Apollo Server, with our gateway in its slot';
const names = Object.values(noneBehindGateway).flat();
globalThis.excludedTests = names.map((name) => `${title} › integration tests › ${name}`);

describe(title, () => {
  defineIntegrationTestSuite(createSuiteServer);

  /** Those that the suite skips itself need graphql 17. */
  it(`ran all of it except ${names.length} tests`, () => {
    const { run, excluded, skipped } = globalThis.suiteTests;
    const own = 1;
    expect(excluded).toHaveLength(names.length);
    expect(skipped).toHaveLength(24);
    expect(run.length + excluded.length).toBe(246 + own);
  });
});
