import type { QueryPlan } from '../execution/plan.ts';
import { planAsJson, planAsText } from './print-plan.ts';

/** Reads a request header by its lower-case name. */
interface RequestHeaders {
  get(name: string): string | null | undefined;
}

/** True when a client's tool requests the query plan: Apollo Sandbox sends one of these two headers. */
export function wantsQueryPlan(headers: RequestHeaders | undefined): boolean {
  return (
    Boolean(headers?.get('apollo-query-plan-experimental')) ||
    Boolean(headers?.get('apollo-expose-query-plan'))
  );
}

/** The extensions in which Apollo's tools expect the query plan. */
export function queryPlanExtensions(
  plan: QueryPlan,
  headers: RequestHeaders | undefined,
): Record<string, unknown> {
  const text = planAsText(plan);
  const object = planAsJson(plan);
  const isInternal = headers?.get('apollo-query-plan-experimental-format') === 'internal';
  return {
    __queryPlanExperimental: isInternal ? object : text,
    apolloQueryPlan: { object, text },
  };
}
