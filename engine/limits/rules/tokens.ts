import type { DocumentRule } from '../document-rule.ts';

/** Limits the tokens of a document. A parser with `maxTokens` reports this earlier. */
export const tokens: DocumentRule = ({ tokens: count }, { maxTokens }) =>
  count !== undefined && count > maxTokens
    ? {
        code: 'GRAPHQL_PARSE_FAILED',
        message: `The document has ${count} tokens; at most ${maxTokens} are allowed.`,
      }
    : undefined;
