import type { DocumentRule } from '../document-rule.ts';

/** A document has at most so many tokens. A parser with `maxTokens` says so earlier. */
export const tokens: DocumentRule = ({ tokens: count }, { maxTokens }) =>
  count !== undefined && count > maxTokens
    ? {
        code: 'GRAPHQL_PARSE_FAILED',
        message: `The document has ${count} tokens; at most ${maxTokens} are allowed.`,
      }
    : undefined;
