import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import {
  type DocumentNode,
  getNamedType,
  isAbstractType,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { apolloKeys, apolloOperation } from '../../../engine/planning/apollo-operation.ts';
import { percentOf } from '../../../engine/planning/override-labels.ts';
import type { Planner } from '../../../engine/planning/planner.ts';
import type { Supergraph } from '../../../engine/supergraph/supergraph.ts';
import { type NativeNode, translate } from './native-plan.ts';

/** Where the planner is installed: with the gateways of the benchmark. */
const benchmarkUrl = new URL('../../../bench/package.json', import.meta.url);
const benchmark = fileURLToPath(benchmarkUrl);
const name = '@graphql-hive/router-query-planner';

/** Plans the text of an operation: the native planner itself, wherever it runs. */
type PlanNatively = (
  text: string,
  labels: readonly string[],
  percentage: number,
) => { readonly node?: NativeNode };

/** True where the benchmark has installed the planner, and it has a binary for this machine. */
export function isNativePlannerInstalled(): boolean {
  if (!existsSync(new URL(`node_modules/${name}/`, benchmarkUrl))) return false;
  const require = `require('node:module').createRequire(${JSON.stringify(benchmark)})`;
  const { status } = spawnSync(process.execPath, ['-e', `${require}('${name}')`]);
  return status === 0;
}

/** Where the native planner runs, which an operation or a supergraph can end. */
export type NativePlace =
  /** In this process, which was started for it. */
  | 'here'
  /** In a process for each operation: where one ends it, the planner throws. */
  | 'elsewhere';

/** The native planner, of the benchmark's packages. Throws what it throws for a supergraph that it cannot read. */
export function createNativePlanner(
  { apiSchema, sdl }: Pick<Supergraph, 'apiSchema' | 'sdl'>,
  place: NativePlace,
): Planner {
  const planNatively = place === 'here' ? planHere(sdl) : planElsewhere(sdl);
  return {
    name: 'native',
    plan: (request) => {
      const asked = apolloOperation(request);
      if (!asked) return { plan: { node: undefined }, storeKeys: apolloKeys };
      const labels = [...request.activeLabels];
      const named = labels.filter((label) => percentOf(label) === undefined);
      const percents = labels.flatMap((label) => percentOf(label) ?? []);
      // It takes `percent(n)` as active when the number is below n: pass one just below the lowest active n.
      const percentage = Math.max(0, Math.min(100 + 1e-9, ...percents) - 1e-9);
      const { node } = planNatively(print(withTypenames(asked, apiSchema)), named, percentage);
      return { plan: { node: node && translate(node) }, storeKeys: apolloKeys };
    },
  };
}

function planHere(sdl: string): PlanNatively {
  const { QueryPlanner } = createRequire(benchmark)(name) as NativeModule;
  const native = new QueryPlanner(sdl);
  return (text, labels, percentage) => native.plan(text, undefined, new Set(labels), percentage);
}

function planElsewhere(supergraphSdl: string): PlanNatively {
  const script = fileURLToPath(new URL('../plan-natively.js', import.meta.url));
  return (text, labels, percentage) => {
    const input = { from: benchmark, supergraphSdl, text, labels, percentage };
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
      input: JSON.stringify(input),
      encoding: 'utf8',
      timeout: 60_000,
      maxBuffer: 2 ** 26,
    });
    if (status === 0) return JSON.parse(stdout) as ReturnType<PlanNatively>;
    throw new Error(status === 1 ? stderr : 'The native planner ended its process.');
  };
}

/** Execution tells types by a plain `__typename`, which the planner asks for only where the client does. */
function withTypenames(document: DocumentNode, schema: Supergraph['apiSchema']): DocumentNode {
  const types = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        leave: (field) => {
          const { selectionSet } = field;
          if (!selectionSet || !isAbstractType(getNamedType(types.getType()))) return undefined;
          const isTold = selectionSet.selections.every(
            (each) => each.kind === Kind.FIELD && each.name.value !== '__typename',
          );
          if (isTold) return undefined;
          const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
          const selections = [typename, ...selectionSet.selections];
          return { ...field, selectionSet: { ...selectionSet, selections } };
        },
      },
    }),
  );
}

interface NativeModule {
  readonly QueryPlanner: new (sdl: string) => {
    plan(
      text: string,
      name: undefined,
      labels: ReadonlySet<string>,
      percentage: number,
    ): ReturnType<PlanNatively>;
  };
}
