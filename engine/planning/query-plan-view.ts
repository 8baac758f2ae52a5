import type { QueryPlan } from '../execution/plan.ts';
import { planAsJson, planAsText } from './print-plan.ts';

/** Reads a header of a request by its name in lower case. */
interface RequestHeaders {
  get(name: string): string | null | undefined;
}

/** True when a client's tool asks to see the query plan: Apollo Sandbox does, by either of two headers. */
export function wantsQueryPlan(headers: RequestHeaders | undefined): boolean {
  return (
    Boolean(headers?.get('apollo-query-plan-experimental')) ||
    Boolean(headers?.get('apollo-expose-query-plan'))
  );
}

/** The extensions in which Apollo's tools look for the query plan. */
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
