import { describe, expect, it } from '@jest/globals';
import { lexicographicSortSchema, parse, printSchema } from 'graphql';
import { apollo } from '../../composition/composers/apollo.ts';
import type { Composed, Composer } from '../../composition/composers/composer.ts';
import { guild } from '../../composition/composers/guild.ts';
import { shapes } from '../oracles/shapes.ts';
import { bigSupergraph } from '../support/big-supergraph.ts';
import { linkFederation } from '../support/federation.ts';
import type { Shape } from '../support/oracles/oracle.ts';
import { generateSupergraph } from '../support/oracles/supergraph-generator.ts';
import { link } from './composed-folder.ts';
import { inFolderOf } from './folder-of.ts';
import { listOf } from './git-repository.ts';
import { runSupergraph } from './run-supergraph.ts';

const randomSupergraphs = 40;

const fixtures: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ...Object.entries(shapes).map(
    ([name, shape]: readonly [string, Shape]) => [name, linked(shape)] as const,
  ),
  [
    '10 subgraphs, 600 types',
    linked({ schemas: bigSupergraph({ subgraphs: 10, entitiesEach: 10 }) }),
  ],
  ...Array.from(
    { length: randomSupergraphs },
    (_, at) => [`random ${at + 1}`, linked({ schemas: generateSupergraph(at + 1) })] as const,
  ),
];

/** What The Guild's composition refuses and Apollo's takes, by the error that says so. */
const differences: ReadonlyMap<string, RegExp> = new Map([
  [
    'A field that returns Query: the fields of other subgraphs cannot be reached from it.',
    /because type "Query" has no @key defined/,
  ],
  [
    'A field whose type is a root that its subgraphs name differently.',
    /^Type of field "Page\.query" is incompatible across subgraphs: it has type "Reading"/,
  ],
]);

describe('composers', () => {
  it('agree on the API schema of every fixture, except for two differences that are known', () => {
    const met = new Set<string>();
    let alike = 0;
    for (const [name, schemas] of fixtures) {
      const [one, other] = [composedBy(apollo, schemas), composedBy(guild, schemas)];
      if (one.ok && !other.ok) {
        for (const { message } of other.errors) {
          const [known] = [...differences].find(([, pattern]) => pattern.test(message)) ?? [];
          expect([name, message, known]).toEqual([name, message, expect.any(String)]);
          met.add(known ?? '');
        }
        continue;
      }
      expect([name, apiOf(other)]).toEqual([name, apiOf(one)]);
      alike += 1;
    }
    expect([...met].sort()).toEqual([...differences.keys()].sort());
    expect(alike).toBeGreaterThan(fixtures.length / 2);
  });

  it('are named with --composer, and write the same API schema for clients', async () => {
    const schema = `${link} type Query { a: A } type A @key(fields: "id") { id: ID! }`;
    await inFolderOf(
      { 'supergraph.yaml': listOf('a'), 'schemas/a.graphql': schema },
      async (folder) => {
        const config = ['compose', '--config', `${folder}/supergraph.yaml`];
        expect(await runSupergraph(...config)).toMatchObject({ code: 0 });
        const { code, out } = await runSupergraph(...config, '--composer', 'guild');
        expect(code).toBe(0);
        expect(out).toContain('supergraph.graphql');
        expect(out).not.toMatch(/api\.graphql|possible-types/);
        expect(await runSupergraph(...config, '--composer', 'gild')).toMatchObject({
          code: 3,
          err: '--composer is one of apollo, guild; got "gild"; did you mean guild?',
        });
      },
    );
  });

  it.each(['apollo', 'guild'])(
    'of errors, %s says code, place and subgraph, and what to do',
    async (composer) => {
      const files = {
        'supergraph.yaml': listOf('a', 'b'),
        'schemas/a.graphql': `${link}\ntype Query {\n  a: Int\n}`,
        'schemas/b.graphql': `${link}\ntype Query {\n  a: Int\n}`,
      };
      await inFolderOf(files, async (folder) => {
        const config = `${folder}/supergraph.yaml`;
        const { code, err } = await runSupergraph(
          'compose',
          '--config',
          config,
          '--composer',
          composer,
        );
        expect(code).toBe(2);
        expect(err).toMatch(/schemas\/a\.graphql:3:3: INVALID_FIELD_SHARING \[a\]/);
        expect(err).toContain('Non-shareable field "Query.a" is resolved from multiple subgraphs');
        expect(err).toMatch(/also: \S+schemas\/b\.graphql:3:3/);
        expect(err).toContain('fix: ');
      });
    },
  );
});

/** The schemas of a shape with the federation link, except for those of Federation 1. */
function linked({ schemas, supergraphSdl }: Shape): Readonly<Record<string, string>> {
  const head = supergraphSdl === undefined ? linkFederation : '';
  return Object.fromEntries(Object.entries(schemas).map(([name, sdl]) => [name, head + sdl]));
}

function composedBy(composer: Composer, schemas: Readonly<Record<string, string>>): Composed {
  const services = Object.entries(schemas).map(([name, sdl]) => ({
    name,
    url: `http://${name}.test/graphql`,
    typeDefs: parse(sdl),
  }));
  return composer(services, () => undefined);
}

/** The API schema as text, or that there is none. */
function apiOf(composed: Composed): string {
  return composed.ok ? printSchema(lexicographicSortSchema(composed.apiSchema)) : 'refused';
}
