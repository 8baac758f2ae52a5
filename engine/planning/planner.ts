import type { FieldNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import type { ClientKeys, QueryPlan } from '../execution/plan.ts';

/** Which planners there are. */
export type PlannerName = 'own' | 'apollo';

/** An operation to plan, valid on the API schema. */
export interface PlanRequest {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly operationName: string | undefined;
  /** The values of the Boolean variables in `@skip` and `@include`: each combination has a plan of its own. */
  readonly conditions: ReadonlyMap<string, boolean>;
  /** The labels of progressive `@override` that are active. */
  readonly activeLabels: ReadonlySet<string>;
  /**
   * Has `@defer` planned as parts of their own; without it, what is deferred is planned like everything else. Then the
   * variables in `@defer(if:)` are conditions as well. Only the planner "own" knows it.
   */
  readonly incremental?: boolean;
}

/** A plan, and by which names it knows what the client wrote. */
export interface PlannedOperation {
  readonly plan: QueryPlan;
  readonly storeKeys: StoreKeys;
}

/** Under which keys an answer is kept until it is complete. */
export interface StoreKeys {
  /** The key for a field that is selected of a type; `undefined` when it keeps the client's. */
  of(typename: string, field: FieldNode): string | undefined;
  /** The client's response key of each key that is another. */
  readonly clientKeys: ClientKeys;
}

/** Settings of Apollo's planner, as its `QueryPlannerConfig` has them. */
export type ApolloPlannerConfig = Readonly<Record<string, unknown>>;

/** Plans operations on one supergraph. */
export interface Planner {
  readonly name: string;
  /** Throws an AppError OPERATION_TOO_COMPLEX, or what the planner throws when there is no plan. */
  plan(request: PlanRequest): PlannedOperation;
}
