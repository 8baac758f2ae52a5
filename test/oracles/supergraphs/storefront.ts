import { readFileSync } from 'node:fs';
import { Kind, parse, print, visit } from 'graphql';

/** The directives that say who may see what; a supergraph with one of them is nothing that ApolloGateway loads. */
const accessDirectives: ReadonlySet<string> = new Set([
  'authenticated',
  'requiresScopes',
  'policy',
]);

/** The schemas of the storefront's own subgraphs, open to everybody. */
export const storefront: Readonly<Record<string, string>> = Object.fromEntries(
  ['users', 'products', 'orders'].map((name) => [name, schemaOf(name)]),
);

function schemaOf(subgraph: string): string {
  const file = new URL(`../../../subgraphs/${subgraph}/schema.graphql`, import.meta.url);
  const document = parse(readFileSync(file, 'utf8'));
  const definitions = document.definitions.filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION);
  return print(
    visit(
      { ...document, definitions },
      { Directive: ({ name }) => (accessDirectives.has(name.value) ? null : undefined) },
    ),
  );
}
