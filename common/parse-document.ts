import { type DefinitionNode, type DocumentNode, Kind, type Source, TokenKind } from 'graphql';
// Graphql-js's parser class, which can parse one definition at a time, unlike `parse`.
import { Parser } from 'graphql/language/parser.js';
import type { Sliced } from './slices.ts';

/** Parses a document with a pause after each definition. Throws a GraphQLError like graphql-js. */
export function* parseInSlices(
  source: string | Source,
  options?: { readonly noLocation?: boolean },
): Sliced<DocumentNode> {
  const parser = new Parser(source, options);
  parser.expectToken(TokenKind.SOF);
  const definitions: DefinitionNode[] = [];
  do {
    definitions.push(parser.parseDefinition());
    yield;
  } while (!parser.expectOptionalToken(TokenKind.EOF));
  return { kind: Kind.DOCUMENT, definitions };
}
