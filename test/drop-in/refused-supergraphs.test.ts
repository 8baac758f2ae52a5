import { composeServices } from '@apollo/composition';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { SupergraphGateway } from '../../engine/index.ts';
import { gateways, quiet } from './gateways.ts';

describe('drop-in: supergraphs that ApolloGateway refuses', () => {
  const opened: { stop(): Promise<unknown> }[] = [];

  afterEach(async () => {
    for (const gateway of opened.splice(0)) await gateway.stop();
  });

  const letThrough = (who: string) => `${who} let through`;
  const unlimited = 'operations are not limited by their cost';

  const refused: readonly (readonly [directive: string, schema: string, consequence?: string])[] = [
    [
      'authenticated',
      'type Query { a: Int secret: Int @authenticated }',
      letThrough('anonymous clients are'),
    ],
    [
      'requiresScopes',
      'type Query { a: Int secret: Int @requiresScopes(scopes: [["read"]]) }',
      letThrough('clients without the scopes are'),
    ],
    [
      'policy',
      'type Query { a: Int secret: Int @policy(policies: [["owner"]]) }',
      'clients are let through whatever the policy says',
    ],
    [
      'cacheTag',
      'type Query { a: Int tagged: Int @cacheTag(format: "all") }',
      'nothing is cached by entity',
    ],
    // This one is supported, so there is nothing to warn about.
    [
      'context',
      `type Query { a: Int user: User }
       type User @key(fields: "id") @context(name: "user") { id: ID! locale: String! address: Address }
       type Address @key(fields: "id") { id: ID! label(locale: String @fromContext(field: "$user { locale }")): String }`,
    ],
  ];

  it.each(refused)(
    'loads one with @%s, and warns of what is not enforced',
    async (...[name, schema, consequence]) => {
      const supergraphSdl = compose(schema);
      await expect(gateways.theirs({ supergraphSdl }).load(noAccount)).rejects.toThrow(
        new RegExp(`/${name}/v`),
      );
      expect(await warningsOf(supergraphSdl)).toEqual(
        consequence === undefined
          ? []
          : [`NOT ENFORCED: the supergraph uses @${name} once; ${consequence}.`],
      );
    },
  );

  const accepted: readonly (readonly [directive: string, schema: string])[] = [
    ['cost', 'type Query { a: Int costly: Int @cost(weight: 50) }'],
    ['listSize', 'type Query { a: Int many: [Int] @listSize(assumedSize: 50) }'],
  ];

  it.each(accepted)(
    'warns that @%s is not enforced, unlike ApolloGateway',
    async (name, schema) => {
      const supergraphSdl = compose(schema);
      const warned: unknown[] = [];
      const theirs = gateways.theirs({
        supergraphSdl,
        logger: { ...quiet, warn: (message) => void warned.push(message) },
      });
      await theirs.load(noAccount);
      await theirs.stop();
      expect(warned).toEqual([]);
      expect(await warningsOf(supergraphSdl)).toEqual([
        `NOT ENFORCED: the supergraph uses @${name} once; ${unlimited}.`,
      ]);
    },
  );

  it('does not warn of directives that are declared as enforced', async () => {
    const schemas = [...refused, ...accepted].map(([, schema]) => schema);
    const enforcedDirectives = [...refused, ...accepted].map(([name]) => name);
    for (const schema of schemas) {
      expect(await warningsOf(compose(schema), enforcedDirectives)).toEqual([]);
    }
  });

  /** The warnings of our gateway at startup, by default. */
  async function warningsOf(
    supergraphSdl: string,
    enforcedDirectives: readonly string[] = [],
  ): Promise<readonly string[]> {
    const warnings: string[] = [];
    const gateway = new SupergraphGateway({
      supergraphSdl,
      enforcedDirectives,
      logger: { ...quiet, warn: (message) => void warnings.push(message) },
    });
    opened.push(gateway);
    await gateway.load();
    expect(gateway.schema.getQueryType()?.getFields()).toHaveProperty('a');
    return warnings;
  }
});

/** What Apollo Server passes to a gateway without an Apollo account. */
const noAccount = { apollo: {} };

/** A supergraph of one subgraph, with the latest federation version that composition supports. */
function compose(schema: string): string {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [
    "@key" "@authenticated" "@requiresScopes" "@policy" "@context" "@fromContext" "@cacheTag" "@cost" "@listSize"
  ])`;
  const { supergraphSdl, errors } = composeServices([
    { name: 'a', url: 'http://127.0.0.1:9/', typeDefs: parse(link + schema) },
  ]);
  if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
