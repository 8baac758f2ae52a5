/** Limits for one document, one operation and its variables, with fragments expanded. */
export interface OperationLimits {
  /** Lexical tokens of a document (GraphQL spec §2.1.6). */
  readonly maxTokens: number;
  readonly maxOperations: number;
  /** The depth of nested fields; `{ a }` has depth 1. */
  readonly maxDepth: number;
  /** The depth of nested selection sets, including those of fragments. */
  readonly maxNesting: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxDirectives: number;
  /** Fields and fragments in the whole document, expanded. */
  readonly maxSelections: number;
  /** How often one response name may be selected in the same place. */
  readonly maxRepeatedFields: number;
  /** The largest `first`, `last` or other slicing argument. */
  readonly maxListArgument: number;
  /** The depth of nested lists and objects, in a variable or in the document. */
  readonly maxInputDepth: number;
  /** Mutations that may be selected only once in an operation. */
  readonly oncePerOperation: readonly string[];
}

/** Enough for the queries of a user interface, and little more. */
export const defaultLimits: OperationLimits = {
  maxTokens: 2_000,
  maxOperations: 20,
  maxDepth: 10,
  maxNesting: 32,
  maxAliases: 30,
  maxRootFields: 20,
  maxDirectives: 50,
  maxSelections: 5_000,
  maxRepeatedFields: 100,
  maxListArgument: 100,
  maxInputDepth: 64,
  oncePerOperation: [],
};
