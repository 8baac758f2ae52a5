import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { QueryPlan } from '../execution/plan.ts';
import type { RawVariables } from '../execution/variables.ts';
import type { RequestContext } from '../fetching/types.ts';

/** A request for an operation that comes without Apollo Server, and is valid on `schema`. */
export interface ValidRequest {
  readonly document: DocumentNode;
  /** The text of the document, or its hash: equal keys mean equal documents. */
  readonly documentKey: string;
  readonly operationName: string | undefined;
  readonly variables: RawVariables;
  readonly context: RequestContext;
  /** The context value of the request, by which `access` tells who asks. */
  readonly contextValue?: unknown;
  /** The API schema the document was validated on. */
  readonly schema: GraphQLSchema;
  readonly overrideLabels?: Iterable<string>;
  /** Called with the plan by which the operation runs. */
  readonly onPlan?: ((plan: QueryPlan) => void) | undefined;
}
