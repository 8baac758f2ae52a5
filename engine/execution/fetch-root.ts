import type { SubgraphRequest, SubgraphResponse } from '../fetching/types.ts';
import { type CallResult, mismatchProblem, readResponse, requestFor } from './call.ts';
import { compileBody } from './fetch-body.ts';
import { mergeInto } from './merge.ts';
import type { FetchNode, PlanPath } from './plan.ts';
import { reportedErrors } from './problems.ts';
import { applyRewrites, renamesOf, renameSteps } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { renamedKeys, selectedKeys } from './selection.ts';
import { keysOf, objectsAt, positionsAt, type ResponsePath, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * A fetch of root fields. Its data is merged into the objects at `path`: the root of the store, or a field that returns
 * a root type.
 */
export function compileRootFetch(node: FetchNode, path: PlanPath, types: TypeIndex): Step {
  const writeBody = compileBody(node, []);
  const asked = selectedKeys(node.operation);
  const keys = renamedKeys(asked, node.outputRewrites);
  const renames = renamesOf(node.outputRewrites);
  const pathInResponse = keysOf(path);

  return (run) => {
    const targets = objectsAt(run.root, path, types);
    if (targets.length === 0) return undefined;
    const request = requestFor(node, writeBody(run.variables, []), pathInResponse, run);
    return run.fetch(request).then(
      (response) => receive(response, request, targets, run),
      (error: unknown) => fail(error, request, targets, run),
    );
  };

  function receive(
    response: SubgraphResponse,
    request: SubgraphRequest,
    targets: readonly StoreObject[],
    run: Run,
  ): void {
    run.cacheHints.add(response.cacheControl);
    let result: CallResult;
    try {
      result = readResponse(response, request, asked);
    } catch (error) {
      fail(error, request, targets, run);
      return;
    }
    const { data, errors } = result;
    const reported = reportedErrors(errors);
    for (const { problem, path: below } of reported.first) {
      const find = (): readonly (ResponsePath | undefined)[] => {
        if (below) return positions(run, renameSteps(below, renames));
        return data ? [undefined] : fields(run);
      };
      run.problems.report(problem, request, find, below?.length);
    }
    run.problems.countOmitted(request, reported.count - reported.first.length);
    if (data === undefined) {
      for (const target of targets) run.problems.markUnresolved(target);
      return;
    }
    applyRewrites(node.outputRewrites, data, types);
    // All targets share the data: `@fromContext` values are set on the path from a root, so they are the same below
    // each.
    for (const target of targets) {
      const mismatch = mergeInto(target, data, keys, types);
      if (mismatch === undefined) continue;
      const problem = mismatchProblem(node.subgraph, mismatch);
      run.problems.report(problem, request, () => positions(run, []));
    }
  }

  /** A failed fetch concerns each of its fields: the response has a null at every one of them. */
  function fail(
    error: unknown,
    request: SubgraphRequest,
    targets: readonly StoreObject[],
    run: Run,
  ): void {
    for (const target of targets) run.problems.markUnresolved(target);
    run.problems.report({ kind: 'thrown', error }, request, () => fields(run));
  }

  function fields(run: Run): ResponsePath[] {
    const asked = keys.names.filter((key) => key !== '__typename');
    return asked.flatMap((field) => positions(run, [field]));
  }

  function positions(run: Run, below: ResponsePath): ResponsePath[] {
    return positionsAt(run.root, path, types).map(({ position }) => [...position, ...below]);
  }
}
