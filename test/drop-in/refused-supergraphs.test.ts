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
    // This one is honoured, so there is nothing to be warned of.
    [
      'context',
      `type Query { a: Int user: User }
       type User @key(fields: "id") @context(name: "user") { id: ID! locale: String! address: Address }
       type Address @key(fields: "id") { id: ID! label(locale: String @fromContext(field: "$user { locale }")): String }`,
    ],
  ];

  it.each(refused)(
    'loads one with @%s, and says what is not enforced',
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
    ['cost', 'type Query { a: Int dear: Int @cost(weight: 50) }'],
    ['listSize', 'type Query { a: Int many: [Int] @listSize(assumedSize: 50) }'],
  ];

  it.each(accepted)(
    'says that @%s is not enforced, which ApolloGateway does not',
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

  it('says nothing of directives that are said to be enforced', async () => {
    const schemas = [...refused, ...accepted].map(([, schema]) => schema);
    const enforcedDirectives = [...refused, ...accepted].map(([name]) => name);
    for (const schema of schemas) {
      expect(await warningsOf(compose(schema), enforcedDirectives)).toEqual([]);
    }
  });

  /** What our gateway warns of at start, by default. */
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

/** What Apollo Server tells a gateway that has no account at Apollo. */
const noAccount = { apollo: {} };

/** A supergraph of one subgraph, with the newest version of federation that composition knows. */
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
