/** What one document, one operation and its variables may ask of the gateway, fragments expanded. */
export interface OperationLimits {
  /** Lexical tokens of a document (GraphQL spec §2.1.6). */
  readonly maxTokens: number;
  readonly maxOperations: number;
  /** Fields within one another; `{ a }` is 1 deep. */
  readonly maxDepth: number;
  /** Selection sets within one another, those of fragments included. */
  readonly maxNesting: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxDirectives: number;
  /** Fields and fragments of the whole document. */
  readonly maxSelections: number;
  /** How often the same response name may be selected at the same place. */
  readonly maxRepeatedFields: number;
  /** The largest `first`, `last` or other argument that says how long a list gets. */
  readonly maxListArgument: number;
  /** Lists and objects within one another, in a variable or in the document. */
  readonly maxInputDepth: number;
  /** Mutations that run at most once in an operation. */
  readonly oncePerOperation: readonly string[];
}

/** Room for what a user interface asks, and little more. */
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
