import { type DocumentNode, Kind, parse, print } from 'graphql';

/**
 * What two texts have in common that differ in white space, comments, commas and the order of their definitions alone.
 * `undefined` for what cannot be read, or has more tokens.
 */
export function likenessOf(source: string, maxTokens?: number): string | undefined {
  try {
    return parseQuietly(source, maxTokens)
      .definitions.map((definition) => print(definition))
      .sort()
      .join('\n');
  } catch {
    return undefined;
  }
}

/** The name of a document's first operation; empty for one without, `undefined` for what is no document. */
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
