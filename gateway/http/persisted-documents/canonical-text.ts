import { type DocumentNode, Kind, parse, print } from 'graphql';

/**
 * The same text for all documents that differ only in white space, comments, commas and the order of their definitions.
 * `undefined` for a text that cannot be parsed, or has more tokens.
 */
export function canonicalTextOf(source: string, maxTokens?: number): string | undefined {
  try {
    return parseQuietly(source, maxTokens)
      .definitions.map((definition) => print(definition))
      .sort()
      .join('\n');
  } catch {
    return undefined;
  }
}

/** The name of a document's first operation; empty for one without a name, `undefined` for an invalid document. */
export function nameOf(source: string, maxTokens: number): string | undefined {
  try {
    const operation = parseQuietly(source, maxTokens).definitions.find(
      ({ kind }) => kind === Kind.OPERATION_DEFINITION,
    );
    return operation?.kind === Kind.OPERATION_DEFINITION
      ? (operation.name?.value ?? '')
      : undefined;
  } catch {
    return undefined;
  }
}

function parseQuietly(source: string, maxTokens: number | undefined): DocumentNode {
  return parse(source, { noLocation: true, ...(maxTokens !== undefined && { maxTokens }) });
}
