import type { PlanPath } from '../../engine/execution/plan.ts';

/** A path of a plan as the names of fields on it, such as `order.items.product`. */
export function pathText(path: PlanPath): string {
  return path.flatMap((segment) => (segment.kind === 'key' ? [segment.name] : [])).join('.');
}
