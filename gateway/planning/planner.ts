import type { DocumentNode } from 'graphql';
import type { QueryPlan } from '../execution/plan.ts';

/** Which planners there are. */
export type PlannerName = 'native' | 'apollo';

/** An operation to plan: normalized, valid on the API schema. */
export interface PlanRequest {
  readonly document: DocumentNode;
  /** The document printed. */
  readonly text: string;
  readonly operationName: string | undefined;
  /** The labels of progressive `@override` that are active. */
  readonly activeLabels: ReadonlySet<string>;
}

/** Plans operations on one supergraph. */
export interface Planner {
  readonly name: PlannerName;
  /** Throws what the planner throws when there is no plan. */
  plan(request: PlanRequest): QueryPlan;
}
