import { z } from 'zod';
import { list, wholeNumber } from '../../common/setting-values.ts';

const names = list((name) => /^[_A-Za-z]\w*$/.test(name), 'takes a list of names of mutations');

const costModes = ['off', 'measure', 'enforce'] as const;
const costViews = ['never', 'asked', 'always'] as const;

/** What a document, an operation and its variables may ask for; `docs/security.md` says what each number counts. */
export const limitsSection = z
  .strictObject({
    maxTokens: wholeNumber(10, 10_000)
      .default(2_000)
      .describe('Tokens of a document (`GRAPHQL_PARSE_FAILED`).'),
    maxOperations: wholeNumber(1, 1_000).default(20).describe('Operations of a document.'),
    maxDepth: wholeNumber(1, 100).default(10).describe('Fields within one another.'),
    maxNesting: wholeNumber(1, 500).default(32).describe('Selection sets within one another.'),
    maxAliases: wholeNumber(0, 10_000).default(30).describe('Aliases.'),
    maxRootFields: wholeNumber(1, 10_000).default(20).describe('Fields at the root.'),
    maxDirectives: wholeNumber(0, 10_000).default(50).describe('Directives.'),
    maxSelections: wholeNumber(1, 100_000)
      .default(5_000)
      .describe('Selections of a document, with its fragments expanded.'),
    maxRepeatedFields: wholeNumber(1, 1_000)
      .default(100)
      .describe('The same response name at one place.'),
    maxListArgument: wholeNumber(1, 1_000_000)
      .default(100)
      .describe('The largest `first`, `last` and slicing argument (`BAD_USER_INPUT`).'),
    maxInputDepth: wholeNumber(1, 500)
      .default(64)
      .describe('Lists and objects within one input value (in a variable `BAD_USER_INPUT`).'),
    oncePerOperation: names
      .default([])
      .describe('Mutations that run at most once in an operation.'),
    costMode: z
      .enum(costModes, { error: `takes one of ${costModes.join(', ')}` })
      .default('enforce')
      .describe(
        '`measure` writes the cost of an operation into the log, `enforce` also refuses what is over `costMax`.',
      ),
    costMax: wholeNumber(1, 1_000_000_000)
      .default(5_000)
      .describe(
        'The most that an operation may cost by estimate (`COST_ESTIMATED_TOO_EXPENSIVE`).',
      ),
    costListSize: wholeNumber(0, 1_000_000)
      .default(10)
      .describe('Assumed length of a list when the schema gives none.'),
    costShown: z
      .enum(costViews, { error: `takes one of ${costViews.join(', ')}` })
      .optional()
      .describe(
        'Who reads the cost in `extensions.cost`: nobody, who asks by `x-operation-cost: 1`, or all. Without it, `asked` in development and `never` in production.',
      ),
  })
  .describe(
    'What a document, an operation and its variables may ask for. What is over a limit is refused with 400, and the code `GRAPHQL_VALIDATION_FAILED` where no other is named.',
  );

/** Settings of the limits. */
export type LimitsConfig = z.infer<typeof limitsSection>;
