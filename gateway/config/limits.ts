import { z } from 'zod';
import { wholeNumber } from '../../common/setting-values.ts';

/** The storefront's mutations that prove who somebody is, or that cost somebody money. */
const sensitiveMutations = [
  'signUp',
  'login',
  'refreshToken',
  'logout',
  'changePassword',
  'placeOrder',
  'cancelOrder',
];

const names = z
  .union([z.array(z.string()), z.string().transform((list) => list.split(','))])
  .transform((list) => list.map((name) => name.trim()))
  .refine((list) => list.every((name) => /^[_A-Za-z]\w*$/.test(name)), {
    error: ({ input }) => `takes names of mutations, not ${JSON.stringify(input)}`,
  });

const costModes = ['off', 'measure', 'enforce'] as const;
const costViews = ['never', 'asked', 'always'] as const;

/** What a document, an operation and its variables may ask for; `docs/security.md` says what each number counts. */
export const limitsSection = z.strictObject({
  maxTokens: wholeNumber(10, 10_000).default(2_000),
  maxOperations: wholeNumber(1, 1_000).default(20),
  maxDepth: wholeNumber(1, 100).default(10),
  maxNesting: wholeNumber(1, 500).default(32),
  maxAliases: wholeNumber(0, 10_000).default(30),
  maxRootFields: wholeNumber(1, 10_000).default(20),
  maxDirectives: wholeNumber(0, 10_000).default(50),
  maxSelections: wholeNumber(1, 100_000).default(5_000),
  maxRepeatedFields: wholeNumber(1, 1_000).default(100),
  maxListArgument: wholeNumber(1, 1_000_000).default(100),
  maxInputDepth: wholeNumber(1, 500).default(64),
  /** Mutations that run at most once in an operation. */
  oncePerOperation: names.default(sensitiveMutations),
  /** `measure` writes the cost into the log, `enforce` also refuses what is over `costMax`. */
  costMode: z.enum(costModes, { error: `takes one of ${costModes.join(', ')}` }).default('enforce'),
  costMax: wholeNumber(1, 1_000_000_000).default(5_000),
  /** How long a list is taken to be of which the schema says nothing. */
  costListSize: wholeNumber(0, 1_000_000).default(10),
  /** Whether clients read the cost in `extensions.cost`: those that ask by `x-operation-cost: 1`, or all. */
  costShown: z.enum(costViews, { error: `takes one of ${costViews.join(', ')}` }).optional(),
});

/** Settings of the limits. */
export type LimitsConfig = z.infer<typeof limitsSection>;
