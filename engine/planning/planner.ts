import type { FieldNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import type { ClientKeys, QueryPlan } from '../execution/plan.ts';

/** The available planners. */
export type PlannerName = 'own' | 'apollo';

/** An operation to plan, valid on the API schema. */
export interface PlanRequest {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly operationName: string | undefined;
  /** The values of the Boolean variables in `@skip` and `@include`; each combination has its own plan. */
  readonly conditions: ReadonlyMap<string, boolean>;
  /** The active labels of progressive `@override`. */
  readonly activeLabels: ReadonlySet<string>;
  /**
   * Plans `@defer` as separate parts; otherwise deferred selections are planned like all others. The variables in
   * `@defer(if:)` are then conditions, too. Only the planner "own" supports it.
   */
  readonly incremental?: boolean;
}

/** A plan with its store keys. */
export interface PlannedOperation {
  readonly plan: QueryPlan;
  readonly storeKeys: StoreKeys;
}

/** The store's keys for the client's fields. */
export interface StoreKeys {
  /** The key for a field selected on a type; `undefined` when it is the response key. */
  of(typename: string, field: FieldNode): string | undefined;
  /** The client's response keys, by the keys that differ from them. */
  readonly clientKeys: ClientKeys;
}

/** Settings of Apollo's planner: its `QueryPlannerConfig`. */
export type ApolloPlannerConfig = Readonly<Record<string, unknown>>;

/** Plans operations on one supergraph. */
export interface Planner {
  readonly name: string;
  /** Throws an AppError OPERATION_TOO_COMPLEX, or the planner's error when there is no plan. */
  plan(request: PlanRequest): PlannedOperation;
}
