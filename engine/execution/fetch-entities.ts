import type { ErrorCode } from '../../common/errors.ts';
import type { SubgraphProblem, SubgraphRequest, SubgraphResponse } from '../fetching/types.ts';
import { type CallResult, mismatchProblem, readResponse, requestFor } from './call.ts';
import { contextPathsBelow, copyAlong, type KeyPaths } from './context-paths.ts';
import { EntityPositions } from './entity-positions.ts';
import { type BodyWriter, compileBody } from './fetch-body.ts';
import { isSameType, mergeInto, printTypename } from './merge.ts';
import type { PlanContext } from './plan-context.ts';
import type { EntityGroup, PlanPath, Rewrite, SubgraphOperation } from './plan.ts';
import { type ReportedError, reportedErrors } from './problems.ts';
import { compileRepresentation, type RepresentationWriter } from './representations.ts';
import { applyRewrites, renamesOf, renameSteps } from './rewrites.ts';
import type { Run } from './run.ts';
import {
  dropUnrequested,
  keysUnder,
  renamedKeys,
  type SelectedKeys,
  selectedKeys,
} from './selection.ts';
import { isStoreObject, keysOf, objectsAt, type ResponsePath, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/** Objects to complete, and their distinct representations. */
export interface EntityBatch {
  readonly targets: readonly StoreObject[];
  /** For each target, the index of its representation. */
  readonly indexes: readonly number[];
  /** The representations as a JSON list. */
  readonly text: string;
  /** The number of representations. */
  readonly count: number;
}

/** Fetches entities with one operation that has one `_entities` field per group. */
export class EntityFetch {
  private readonly operation: SubgraphOperation;
  private readonly groups: readonly CompiledGroup[];
  private readonly writeBody: BodyWriter;
  private readonly types: TypeIndex;
  private readonly pathInResponse: readonly string[];

  /** `ownVariables` come after the representations; `send` takes their values. */
  constructor(
    operation: SubgraphOperation,
    groups: readonly EntityGroup[],
    ownVariables: readonly string[],
    context: PlanContext,
  ) {
    const asked = selectedKeys(operation.operation);
    const representations = groups.map((group) => group.representationsVariable);
    this.operation = operation;
    this.groups = groups.map((group) => compileGroup(group, asked, context));
    this.writeBody = compileBody(operation, [...representations, ...ownVariables]);
    this.types = context.types;
    this.pathInResponse = keysOf(groups[0]?.paths[0] ?? []);
  }

  /** Collects the entities of all groups and fetches them; returns `undefined` when there are none. */
  run(run: Run): Promise<void> | undefined {
    const batches = this.groups.map((group) => this.collect(group, run));
    return batches.some(({ count }) => count > 0) ? this.send(batches, [], run) : undefined;
  }

  /** Builds the batch of one group from the given objects. */
  batchOf(targets: readonly StoreObject[], group: CompiledGroup): EntityBatch {
    const [only] = targets;
    if (only && targets.length === 1) return this.batchOfOne(only, group);
    const represented: StoreObject[] = [];
    const indexes: number[] = [];
    const list = group.representations.startList();
    for (const target of targets) {
      const index = list.add(target);
      // The missing value has an error already, or gets one with the field that becomes null because of it.
      if (index === undefined) continue;
      represented.push(target);
      indexes.push(index);
    }
    return { targets: represented, indexes, text: list.toJson(), count: list.count };
  }

  private batchOfOne(target: StoreObject, group: CompiledGroup): EntityBatch {
    const representation = group.representations.write(target);
    if (representation === undefined) return emptyBatch;
    return { targets: [target], indexes: first, text: `[${representation}]`, count: 1 };
  }

  /** The first group; for a fetch with a single group. */
  get firstGroup(): CompiledGroup | undefined {
    return this.groups[0];
  }

  /** Sends one batch per group, and merges the response. Never rejects. */
  send(batches: readonly EntityBatch[], ownValues: readonly string[], run: Run): Promise<void> {
    const values = batches.map(({ text }) => text);
    const body = this.writeBody(
      run.variables,
      ownValues.length > 0 ? [...values, ...ownValues] : values,
    );
    const request = requestFor(this.operation, body, this.pathInResponse, run);
    return run.fetch(request).then(
      (response) => this.receive(response, request, batches, run),
      (error: unknown) => this.fail(error, request, batches, run),
    );
  }

  private collect(group: CompiledGroup, run: Run): EntityBatch {
    const [only, ...others] = group.paths;
    const targets = only ? objectsAt(run.root, only, this.types) : [];
    for (const path of others) objectsAt(run.root, path, this.types, targets);
    return this.batchOf(targets, group);
  }

  private receive(
    response: SubgraphResponse,
    request: SubgraphRequest,
    batches: readonly EntityBatch[],
    run: Run,
  ): void {
    run.cacheHints.add(response.cacheControl);
    let result: CallResult;
    try {
      result = readResponse(response, request);
    } catch (error) {
      this.fail(error, request, batches, run);
      return;
    }
    const { data, errors } = result;
    const positions = this.positionsIn(run);
    const reported = reportedErrors(errors);
    for (const { problem, path } of reported.first) {
      const find = (): readonly (ResponsePath | undefined)[] =>
        this.positionsOfError(path, batches, positions);
      run.problems.report(problem, request, find, this.ownSteps(path));
    }
    run.problems.countOmitted(request, reported.count - reported.first.length);
    for (const [index, group] of this.groups.entries()) {
      const batch = batches[index];
      if (!batch || batch.count === 0) continue;
      for (const { problem, targets } of this.mergeGroup(data?.[group.alias], group, batch, {
        reported: reported.first,
        run,
      })) {
        run.problems.report(problem, request, () => positions[index]?.of(targets) ?? []);
      }
    }
  }

  /** Returns what did not match, each with its entities. */
  private mergeGroup(
    received: unknown,
    group: CompiledGroup,
    batch: EntityBatch,
    { reported, run }: { readonly reported: readonly ReportedError[]; readonly run: Run },
  ): readonly Mismatch[] {
    const { targets, indexes, count } = batch;
    const { subgraph } = this.operation;
    const mistake = checkList(received, count);
    if (mistake !== undefined || !Array.isArray(received)) {
      for (const target of targets) run.problems.markUnresolved(target);
      const told = reported.filter(({ path }) => !this.belongsToOtherGroup(group, path));
      const isOfOne = told.every(({ path }) => indexes.some((index) => index === path?.[1]));
      if (!isOfOne) return [];
      // When a group has no list at all, the error of one entity or of one group also accounts for the other entities.
      // A group-level error of another group also accounts for the fields beside one that failed here.
      const whole = reported.find(({ path }) => path?.length === 1);
      const known = whole ? told.filter(({ path }) => path?.length === 2) : told;
      const places = new Set(known.map(({ path }) => path?.[1]));
      const others = targets.filter((_, at) => !places.has(indexes[at]));
      const problem = (whole ?? reported[0])?.problem ?? this.mismatch(mistake ?? '');
      return [{ problem, targets: others }];
    }
    const mismatches = new Map<string, StoreObject[]>();
    // An entity can be merged twice only when several objects share one representation.
    const prepared = count < targets.length ? new Map<unknown, boolean>() : undefined;
    for (const [at, target] of targets.entries()) {
      const entity: unknown = received[indexes[at] ?? -1];
      if (entity === null) {
        // The entity does not exist, which is not an error; or an error of one of its fields nulled it.
        const isOfField = reported.some(
          ({ path }) => path?.[0] === group.alias && path[1] === indexes[at] && path.length > 2,
        );
        run.problems.markUnresolved(target, isOfField);
        if (run.onEntity && isWithheld(group.alias, indexes[at], reported)) {
          run.onEntity(target, { subgraph, isFound: false, root: run.root });
        }
        continue;
      }
      const mismatch = this.mergeEntity(entity, target, group, prepared, run);
      if (mismatch === undefined) {
        run.onEntity?.(target, { subgraph, isFound: true, root: run.root });
        continue;
      }
      const message = mismatches.size < mismatchesMax ? mismatch : otherMismatch;
      const alike = mismatches.get(message);
      if (alike) alike.push(target);
      else mismatches.set(message, [target]);
    }
    return [...mismatches].map(([message, of]) => ({
      problem: this.mismatch(message),
      targets: of,
    }));
  }

  private mismatch(message: string): SubgraphProblem {
    return mismatchProblem(this.operation.subgraph, message);
  }

  /** True when the error's path belongs to another group. */
  private belongsToOtherGroup(group: CompiledGroup, path: ResponsePath | undefined): boolean {
    return this.groups.some((other) => other !== group && other.alias === path?.[0]);
  }

  /** Returns what did not match. */
  private mergeEntity(
    entity: unknown,
    target: StoreObject,
    group: CompiledGroup,
    prepared: Map<unknown, boolean> | undefined,
    run: Run,
  ): string | undefined {
    if (!isStoreObject(entity)) {
      run.problems.markUnresolved(target);
      return 'answered with an entity that is not an object.';
    }
    const wanted = target.__typename ?? group.typename;
    const received = entity.__typename;
    if (!isSameType(wanted, received, this.types)) {
      run.problems.markUnresolved(target);
      return `answered with an entity of type ${printTypename(received)} where ${printTypename(wanted)} was requested.`;
    }
    const known = prepared?.get(entity);
    const fits = known ?? prepare(entity, group, target, this.types);
    if (known === undefined) prepared?.set(entity, fits);
    if (!fits) {
      run.problems.markUnresolved(target);
      return 'answered with an entity that is nested too deep.';
    }
    const isElsewhere = known !== undefined;
    const own = isElsewhere && group.copiedPaths ? copyAlong(entity, group.copiedPaths) : entity;
    return mergeInto(target, own, group.keys, this.types);
  }

  private fail(
    error: unknown,
    request: SubgraphRequest,
    batches: readonly EntityBatch[],
    run: Run,
  ): void {
    for (const { targets } of batches) {
      for (const target of targets) run.problems.markUnresolved(target);
    }
    const positions = this.positionsIn(run);
    run.problems.report({ kind: 'thrown', error }, request, () => allPositions(positions, batches));
  }

  /** Maps `_entities.3.name` to the `name` of every object that shares the fourth representation. */
  private positionsOfError(
    path: ResponsePath | undefined,
    batches: readonly EntityBatch[],
    positions: readonly EntityPositions[],
  ): readonly (ResponsePath | undefined)[] {
    const [alias, at, ...below] = path ?? [];
    const groupAt = this.groups.findIndex((group) => group.alias === alias);
    const group = this.groups[groupAt];
    const batch = batches[groupAt];
    const concerned = batch?.targets.filter((_, index) => batch.indexes[index] === at) ?? [];
    // An error for an unknown index concerns all entities of the request.
    if (!group || concerned.length === 0) {
      const all =
        group && batch
          ? (positions[groupAt]?.of(batch.targets) ?? [])
          : allPositions(positions, batches);
      return all.length > 0 ? all : [undefined];
    }
    const rest = renameSteps(below, group.renames);
    const found = positions[groupAt]?.of(concerned) ?? [];
    return rest.length === 0 ? found : found.map((position) => position.concat(rest));
  }

  /**
   * The number of last steps of an error's path that the subgraph itself resolved: those below the entity, except the
   * first when the plan selected only some types.
   */
  private ownSteps(path: ResponsePath = []): number {
    const group = this.groups.find(({ alias }) => alias === path[0]);
    const below = Math.max(path.length - 2, 0);
    return group?.isTypeFiltered === true ? Math.max(below - 1, 0) : below;
  }

  private positionsIn({ root }: Run): readonly EntityPositions[] {
    return this.groups.map(({ paths }) => new EntityPositions(paths, root, this.types));
  }
}

/** Codes by which a subgraph says that this viewer may not see an entity, or that there is none. */
const withholdingCodes: ReadonlySet<unknown> = new Set<ErrorCode>([
  'FORBIDDEN',
  'NOT_FOUND',
  'UNAUTHENTICATED',
]);

/** Whether an entity is null because the viewer may not see it, and not because it could not be read. */
export function isWithheld(
  alias: string,
  index: number | undefined,
  reported: readonly ReportedError[],
): boolean {
  return reported
    .filter(({ path }) => path === undefined || (path[0] === alias && (path[1] ?? index) === index))
    .every(({ problem }) => withholdingCodes.has(problem.extensions?.code));
}

/** What did not match in a response, and the entities concerned. */
interface Mismatch {
  readonly problem: SubgraphProblem;
  readonly targets: readonly StoreObject[];
}

/** How many different mismatches of one response are reported. */
const mismatchesMax = 10;
const otherMismatch = 'answered with entities that do not match the request.';

const first: readonly number[] = [0];
const emptyBatch: EntityBatch = { targets: [], indexes: [], text: '[]', count: 0 };

/** What is known about a group before any request. */
export interface CompiledGroup {
  readonly alias: string;
  readonly paths: readonly PlanPath[];
  /** Whether the fetch selects only some types of the objects at its paths. */
  readonly isTypeFiltered: boolean;
  /** As in `EntityInput`. */
  readonly typename: string | undefined;
  readonly representations: RepresentationWriter;
  readonly asked: SelectedKeys;
  readonly keys: SelectedKeys;
  readonly rewrites: readonly Rewrite[];
  readonly renames: ReadonlyMap<string, string>;
  /** Where the places of an entity must not share objects; `undefined` when they may share all. */
  readonly copiedPaths: KeyPaths | undefined;
}

function allPositions(
  positions: readonly EntityPositions[],
  batches: readonly EntityBatch[],
): readonly ResponsePath[] {
  return positions.flatMap((ofGroup, index) => ofGroup.of(batches[index]?.targets ?? []));
}

function compileGroup(
  group: EntityGroup,
  asked: SelectedKeys,
  { types, contextPaths }: PlanContext,
): CompiledGroup {
  const entityKeys = keysUnder(asked, group.alias);
  return {
    alias: group.alias,
    paths: group.paths,
    isTypeFiltered: group.paths.some((path) => path.at(-1)?.kind === 'types'),
    typename: group.entities.typename,
    representations: compileRepresentation(group.entities, types),
    asked: entityKeys,
    keys: renamedKeys(entityKeys, group.outputRewrites),
    rewrites: group.outputRewrites,
    renames: renamesOf(group.outputRewrites),
    copiedPaths: contextPathsBelow(group.paths, contextPaths),
  };
}

/** False for an entity that is nested too deep. */
function prepare(
  entity: StoreObject,
  group: CompiledGroup,
  target: StoreObject,
  types: TypeIndex,
): boolean {
  if (!dropUnrequested(entity, group.asked)) return false;
  if (group.rewrites.length > 0) {
    const { __typename: typename = group.typename } = target;
    const known = typeof typename === 'string' ? typename : undefined;
    applyRewrites(group.rewrites, entity, types, known);
  }
  return true;
}

function checkList(received: unknown, count: number): string | undefined {
  if (!Array.isArray(received)) return 'did not answer with a list of entities.';
  if (received.length === count) return undefined;
  return `answered with ${received.length} entities where ${count} were requested.`;
}
