import { RemoteGraphQLDataSource } from '@apollo/gateway';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quiet, type SharedOptions, withEach } from './gateways.ts';
import { type Shop, startShop } from './shop.ts';

type Context = Readonly<Record<string, unknown>>;

describe('drop-in: data sources of buildService', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.stop());

  const query = '{ product { name reviews { stars } } }';

  it('calls willSendRequest and didReceiveResponse with the same as ApolloGateway', async () => {
    const seen: unknown[] = [];
    class Observed extends RemoteGraphQLDataSource<Context> {
      override willSendRequest({
        request,
        context,
        ...rest
      }: Parameters<NonNullable<RemoteGraphQLDataSource<Context>['willSendRequest']>>[0]): void {
        const authorization = String(context.authorization);
        request.http?.headers.set('authorization', `${authorization} passed on`);
        const { variables, http } = request;
        seen.push([
          'send',
          rest.kind,
          'pathInIncomingRequest' in rest && rest.pathInIncomingRequest,
        ]);
        seen.push([variables, http?.method, http?.url, [...(http?.headers ?? [])]]);
      }

      override didReceiveResponse({
        response,
        context,
        pathInIncomingRequest,
      }: Parameters<
        NonNullable<RemoteGraphQLDataSource<Context>['didReceiveResponse']>
      >[0]): typeof response {
        const { http, data } = response;
        seen.push([
          'receive',
          http?.status,
          http?.headers.get('cache-control'),
          Object.keys(data ?? {}),
        ]);
        seen.push([context.authorization, pathInIncomingRequest]);
        return { ...response, extensions: { seen: true } };
      }
    }
    const { theirs, ours } = await asked(({ url }) => new Observed({ url }), seen);
    expect(ours).toEqual(theirs);
    expect(ours.received).toEqual([
      { subgraph: 'products', authorization: 'me passed on' },
      { subgraph: 'reviews', authorization: 'me passed on' },
    ]);
    expect(ours.seen).toHaveLength(8);
  });

  it('answers what a data source changes in a response', async () => {
    class Changing extends RemoteGraphQLDataSource<Context> {
      override didReceiveResponse({
        response,
      }: Parameters<
        NonNullable<RemoteGraphQLDataSource<Context>['didReceiveResponse']>
      >[0]): typeof response {
        if (response.data && 'product' in response.data) {
          response.data.product = { ...(response.data.product as object), name: 'Changed' };
        }
        return response;
      }
    }
    const { theirs, ours } = await asked(({ url }) => new Changing({ url }));
    expect(ours).toEqual(theirs);
    expect(ours.answer).toMatchObject({ body: { data: { product: { name: 'Changed' } } } });
  });

  it('answers what a data source throws as ApolloGateway does', async () => {
    class Refusing extends RemoteGraphQLDataSource<Context> {
      override willSendRequest(): void {
        throw new Error('Not today.');
      }
    }
    const { theirs, ours } = await asked(({ url }) => new Refusing({ url }));
    expect([ours.answer.status, ours.received]).toEqual([theirs.answer.status, []]);
    // ApolloGateway shows the client the message of any error, this gateway only those of a GraphQLError.
    expect(theirs.answer).toMatchObject({ body: { errors: [{ message: 'Not today.' }] } });
    expect(ours.answer).toMatchObject({
      body: { errors: [{ message: 'A subgraph failed to answer.', path: ['product'] }] },
    });
  });

  it('behaves the same with a data source that changes nothing as without one', async () => {
    const plain = await asked(undefined);
    const built = await asked(({ url }) => new RemoteGraphQLDataSource({ url }));
    expect(plain.ours.answer).toEqual(built.ours.answer);
    expect(plain.ours.answer).toEqual(plain.theirs.answer);
  });

  /** The response and the requests of each gateway, with these data sources. */
  async function asked(buildService: SharedOptions['buildService'], seen: unknown[] = []) {
    const { supergraphSdl } = shop;
    return withEach(
      (create) => ({ gateway: create({ supergraphSdl, buildService, logger: quiet }) }),
      async ({ post }) => {
        seen.length = 0;
        const before = shop.received.length;
        const answer = await post({ query }, { authorization: 'me' });
        return { answer, received: shop.received.slice(before), seen: seen.slice() };
      },
    );
  }
});
