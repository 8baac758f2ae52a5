import { EntityFetch } from './fetch-entities.ts';
import type { PlanContext } from './plan-context.ts';
import type { EntityGroup, FetchNode } from './plan.ts';
import { valueAt } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { lineagesAt, type StoreObject } from './store.ts';

/**
 * A fetch of entities whose fields take arguments from the enclosing objects (`@fromContext`). A variable has one value
 * per operation, so each distinct set of values needs its own operation.
 */
export function compileContextFetch(
  node: FetchNode,
  group: EntityGroup,
  context: PlanContext,
): Step {
  const { types } = context;
  const names = node.contextArguments.map(({ variable }) => variable);
  const fetch = new EntityFetch(node, [group], names, context);
  const path = group.paths[0] ?? [];

  return (run) => {
    const compiled = fetch.firstGroup;
    if (!compiled) return undefined;
    const sent: Promise<void>[] = [];
    for (const { targets, values } of byContext(run)) {
      const batch = fetch.batchOf(targets, compiled);
      if (batch.count > 0) sent.push(fetch.send([batch], values, run));
    }
    return sent.length > 0 ? Promise.all(sent).then(() => undefined) : undefined;
  };

  function byContext(run: Run): Iterable<{ targets: StoreObject[]; values: string[] }> {
    const byValues = new Map<string, { targets: StoreObject[]; values: string[] }>();
    for (const lineage of lineagesAt(run.root, path, types)) {
      const values = node.contextArguments.map((argument) => {
        const around = lineage[lineage.length - 1 - argument.levelsUp];
        const value = around && valueAt(around, argument.path, types);
        return JSON.stringify(value ?? null);
      });
      const target = lineage[lineage.length - 1];
      if (!target) continue;
      const key = values.join();
      const known = byValues.get(key);
      if (known) known.targets.push(target);
      else byValues.set(key, { targets: [target], values });
    }
    return byValues.values();
  }
}
