import { type DefinitionNode, type DocumentNode, Kind, type Source, TokenKind } from 'graphql';
// The parser of graphql-js, which parses a definition at a time: its `parse` does all of them at once.
import { Parser } from 'graphql/language/parser.js';
import type { Sliced } from './slices.ts';

/** Parses a document, with a pause after each definition. Throws a GraphQLError as graphql-js does. */
export function* parsing(
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
