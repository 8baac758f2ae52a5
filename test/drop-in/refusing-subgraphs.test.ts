import { RemoteGraphQLDataSource } from '@apollo/gateway';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { reply } from '../support/faults.ts';
import { compose } from '../support/federation.ts';
import { type SharedOptions, withEach } from './gateways.ts';

/** The parts of an error that a program may use. */
interface ToldError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

describe('drop-in: a subgraph that refuses the request', () => {
  let proxy: FaultProxy;
  let supergraphSdl: string;

  beforeAll(async () => {
    proxy = await startFaultProxy();
    supergraphSdl = compose({ shop: 'type Query { product: String }' }).replaceAll(
      'http://shop.test/graphql',
      proxy.url,
    );
  });
  afterAll(() => proxy.stop());

  const ask = (buildService: SharedOptions['buildService']) =>
    withEach(
      (create) => ({ gateway: create({ supergraphSdl, buildService }) }),
      async ({ post }) => {
        const { status, body } = await post({ query: '{ product }' });
        const { data, errors = [] } = body as { data: unknown; errors?: readonly ToldError[] };
        return { status, data, errors };
      },
    );
  const told = ({ message, extensions: { code } }: ToldError): unknown => ({ message, code });

  it.each([
    [401, 'application/json', 'UNAUTHENTICATED', '401: Unauthorized'],
    [401, 'application/graphql-response+json', 'UNAUTHENTICATED', '401: Unauthorized'],
    [403, 'application/json', 'FORBIDDEN', '403: Forbidden'],
    [403, 'text/html', 'FORBIDDEN', '403: Forbidden'],
  ])('%i with %s has the same code as in ApolloGateway', async (status, type, code, message) => {
    const body = JSON.stringify({
      errors: [{ message: 'hidden', extensions: { code: 'OF_ITS_OWN' } }],
    });
    proxy.inject(({ caller }) => {
      const words = message.slice(5);
      const head = `HTTP/1.1 ${status} ${words}\r\ncontent-type: ${type}\r\n`;
      caller.write(`${head}content-length: ${body.length}\r\n\r\n${body}`);
    });
    for (const buildService of [
      undefined,
      ({ url }: { url?: string }) => new RemoteGraphQLDataSource({ url }),
    ]) {
      const { theirs, ours } = await ask(buildService);
      expect([ours.status, ours.data, ours.errors.map(told)]).toEqual([
        theirs.status,
        theirs.data,
        theirs.errors.map(told),
      ]);
      expect(ours.errors).toMatchObject([{ message, path: ['product'], extensions: { code } }]);
      // ApolloGateway shows the client the address and the whole body of the subgraph; this gateway hides them.
      expect(JSON.stringify(theirs)).toContain('127.0.0.1');
      expect(JSON.stringify(ours)).not.toMatch(/127\.0\.0\.1|hidden/);
    }
  });

  it('any other status without a GraphQL response is a failure of the subgraph', async () => {
    proxy.inject(reply({ status: 500, body: 'hidden' }));
    const { ours } = await ask(undefined);
    expect(ours.errors).toMatchObject([
      { message: 'A subgraph failed to answer.', extensions: { code: 'SUBGRAPH_ERROR' } },
    ]);
  });
});
