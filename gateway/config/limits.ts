import { z } from 'zod';
import { list, wholeNumber } from '../../common/setting-values.ts';

const names = list((name) => /^[_A-Za-z]\w*$/.test(name), 'takes a list of names of mutations');

const costModes = ['off', 'measure', 'enforce'] as const;
const costViews = ['never', 'asked', 'always'] as const;

/** Limits on documents, operations and variables; `docs/security.md` says what each number counts. */
export const limitsSection = z
  .strictObject({
    maxTokens: wholeNumber(10, 10_000)
      .default(2_000)
      .describe('Tokens in a document (`GRAPHQL_PARSE_FAILED`).'),
    maxOperations: wholeNumber(1, 1_000).default(20).describe('Operations in a document.'),
    maxDepth: wholeNumber(1, 100).default(10).describe('Nested fields.'),
    maxNesting: wholeNumber(1, 500).default(32).describe('Nested selection sets.'),
    maxAliases: wholeNumber(0, 10_000).default(30).describe('Aliases.'),
    maxRootFields: wholeNumber(1, 10_000).default(20).describe('Root fields.'),
    maxDirectives: wholeNumber(0, 10_000).default(50).describe('Directives.'),
    maxSelections: wholeNumber(1, 100_000)
      .default(5_000)
      .describe('Selections in a document, with its fragments expanded.'),
    maxRepeatedFields: wholeNumber(1, 1_000)
      .default(100)
      .describe('Occurrences of the same response name in one selection set.'),
    maxListArgument: wholeNumber(1, 1_000_000)
      .default(100)
      .describe('The largest `first`, `last` and slicing argument (`BAD_USER_INPUT`).'),
    maxInputDepth: wholeNumber(1, 500)
      .default(64)
      .describe('Nested lists and objects in one input value (in a variable `BAD_USER_INPUT`).'),
    oncePerOperation: names
      .default([])
      .describe('Mutations that may occur only once in an operation.'),
    costMode: z
      .enum(costModes, { error: `takes one of ${costModes.join(', ')}` })
      .default('enforce')
      .describe(
        '`measure` logs the cost of an operation; `enforce` also refuses an operation over `costMax`.',
      ),
    costMax: wholeNumber(1, 1_000_000_000)
      .default(5_000)
      .describe('The maximum estimated cost of an operation (`COST_ESTIMATED_TOO_EXPENSIVE`).'),
    costListSize: wholeNumber(0, 1_000_000)
      .default(10)
      .describe('Assumed length of a list when the schema gives none.'),
    costShown: z
      .enum(costViews, { error: `takes one of ${costViews.join(', ')}` })
      .optional()
      .describe(
        'Which responses have the cost in `extensions.cost`: none (`never`), those to requests with `x-operation-cost: 1` (`asked`), or all (`always`). The default is `asked` in development and `never` in production.',
      ),
  })
  .describe(
    'Limits on documents, operations and variables. A request over a limit is refused with 400, and the code `GRAPHQL_VALIDATION_FAILED` unless another is named.',
  );

/** Settings of the limits. */
export type LimitsConfig = z.infer<typeof limitsSection>;
