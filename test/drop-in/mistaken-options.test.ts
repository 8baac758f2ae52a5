import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type * as GraphQL from 'graphql';
import { SupergraphGateway } from '../../engine/index.ts';
import { compose } from '../support/federation.ts';

describe('drop-in: mistakes in setting the gateway up', () => {
  const supergraphSdl = compose({ a: 'type Query { a: Int }' });
  const create = (options: unknown): readonly string[] => {
    const log: string[] = [];
    const keep = (message: string): void => {
      log.push(message);
    };
    const logger = { debug: keep, info: keep, warn: keep, error: keep };
    new SupergraphGateway({ logger, ...(options as { supergraphSdl: string }) });
    return log;
  };

  it.each([
    ['no options', undefined],
    ['options without a supergraph', {}],
    ['an invalid supergraph', { supergraphSdl: 5 }],
    ['an invalid manager', { supergraphSdl: { initialise: () => undefined } }],
  ])('%s: says what is missing', (_what, options) => {
    expect(() => new SupergraphGateway(options as never)).toThrow(
      /^Expected the option "supergraphSdl": a supergraph SDL string, a function .*IntrospectAndCompose\.$/,
    );
  });

  it.each([
    ['serviceList', 'new IntrospectAndCompose({ subgraphs })'],
    ['localServiceList', 'new LocalCompose({ localServiceList })'],
    ['uplinkEndpoints', 'new UplinkSupergraphManager'],
  ])('%s of ApolloGateway: says what to give instead', (name, advice) => {
    expect(() => create({ [name]: [] })).toThrow(advice);
  });

  it('warns of exactly the options that are set without effect', () => {
    expect(
      create({
        supergraphSdl,
        serviceHealthCheck: true,
        experimental_didUpdateSupergraph: () => undefined,
        exposeQueryPlans: true,
        somethingElse: 1,
        fetcher: undefined,
        debug: true,
        compareWith: undefined,
      }),
    ).toEqual([
      'The option "serviceHealthCheck" of ApolloGateway has no effect: call gateway.serviceHealthCheck(), or set it on the manager.',
      'The option "experimental_didUpdateSupergraph" of ApolloGateway has no effect: call gateway.onSchemaLoadOrUpdate().',
      'There is no option "exposeQueryPlans"; did you mean "exposeQueryPlan"?',
      'There is no option "somethingElse".',
    ]);
  });

  it('ends the message about a broken supergraph with one full stop', async () => {
    const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    const gateway = new SupergraphGateway({ supergraphSdl: 'type Query {', logger });
    await expect(gateway.load()).rejects.toThrow(/[^.]\.$/);
  });

  it.each(['development', 'production'])(
    'says in %s that there are two copies of graphql, unlike Apollo Server',
    async (mode) => {
      const folder = await mkdtemp(join(tmpdir(), 'second-copy-'));
      await cp('node_modules/graphql', join(folder, 'graphql'), { recursive: true });
      const before = process.env.NODE_ENV;
      process.env.NODE_ENV = mode;
      const secondCopy = (await import(
        pathToFileURL(join(folder, 'graphql', 'index.mjs')).href
      )) as typeof GraphQL;
      process.env.NODE_ENV = before;
      const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
      const gateway = new SupergraphGateway({ supergraphSdl, logger });
      // What Apollo Server does first with a schema.
      gateway.onSchemaLoadOrUpdate(({ apiSchema }) => secondCopy.assertValidSchema(apiSchema));
      await expect(gateway.load()).rejects.toThrow(
        /^Two copies of "graphql" are installed: .*`npm ls graphql` shows both/,
      );
      await gateway.stop();
      await rm(folder, { recursive: true });
    },
  );
});

function ignore(): void {
  // These tests check errors.
}
