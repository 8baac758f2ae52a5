import { readFileSync } from 'node:fs';
import { Kind, parse, print } from 'graphql';

/** The schemas of the storefront's own subgraphs. */
export const storefront: Readonly<Record<string, string>> = Object.fromEntries(
  ['users', 'products', 'orders'].map((name) => [name, schemaOf(name)]),
);

function schemaOf(subgraph: string): string {
  const file = new URL(`../../../subgraphs/${subgraph}/schema.graphql`, import.meta.url);
  const document = parse(readFileSync(file, 'utf8'));
  const definitions = document.definitions.filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION);
  return print({ ...document, definitions });
}
