import type { QueryPlan } from '../../engine/execution/plan.ts';
import { planAsJson, planAsText } from '../../engine/planning/print-plan.ts';
import { planAsMermaid } from './plan-as-mermaid.ts';

/** The formats of a plan; the default is first. */
export const planFormats = ['text', 'json', 'mermaid'] as const;

/** A plan in one of the formats. */
export function printPlan(plan: QueryPlan, format: (typeof planFormats)[number]): string {
  switch (format) {
    case 'text':
      return planAsText(plan);
    case 'json':
      return JSON.stringify(planAsJson(plan), null, 2);
    case 'mermaid':
      return planAsMermaid(plan);
  }
}
