import type { PlanNode, PlanPath } from './plan.ts';
import { isStoreObject } from './store.ts';

/** The response keys on the way from the root, or from an object, to others below; lists are left out. */
type Keys = readonly string[];

/** The paths of the fetches of a plan that take arguments from around their objects (`@fromContext`). */
export type ContextPaths = readonly Keys[];

/** Response keys to follow, each with those to follow below it. */
export type KeyPaths = ReadonlyMap<string, KeyPaths>;

/** The context paths of a node that runs for the objects at `path`. */
export function contextPathsOf(node: PlanNode | undefined, path: Keys = []): ContextPaths {
  switch (node?.kind) {
    case 'sequence':
    case 'parallel':
      return node.nodes.flatMap((each) => contextPathsOf(each, path));
    case 'flatten':
      return contextPathsOf(node.node, [...path, ...namesOf(node.path)]);
    case 'condition':
      return [node.whenTrue, node.whenFalse].flatMap((each) => contextPathsOf(each, path));
    case 'fetch':
      return node.contextArguments.length > 0 ? [path] : [];
    default:
      return [];
  }
}

/** What of the context paths is below the objects at some paths; `undefined` for nothing. */
export function contextPathsBelow(
  paths: readonly PlanPath[],
  contextPaths: ContextPaths,
): KeyPaths | undefined {
  const below = paths.map(namesOf).flatMap((names) =>
    contextPaths.flatMap((each) => {
      const isBelow = each.length > names.length && names.every((name, at) => each[at] === name);
      return isBelow ? [each.slice(names.length)] : [];
    }),
  );
  return below.length > 0 ? toTree(below) : undefined;
}

/**
 * The same data with objects and lists of its own at these paths, for another place in the store: what is around an
 * object differs from place to place, and so does a value that depends on it. All else is shared.
 */
export function copyAlong<T>(value: T, paths: KeyPaths): T;
export function copyAlong(value: unknown, paths: KeyPaths): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => copyAlong(item, paths));
  if (!isStoreObject(value)) return value;
  const copy = { ...value };
  for (const [key, below] of paths) {
    if (Object.hasOwn(copy, key)) copy[key] = copyAlong(copy[key], below);
  }
  return copy;
}

function namesOf(path: PlanPath): Keys {
  return path.flatMap((segment) => (segment.kind === 'key' ? [segment.name] : []));
}

function toTree(paths: readonly Keys[]): KeyPaths {
  const byFirst = new Map<string, Keys[]>();
  for (const [first, ...rest] of paths) {
    if (first === undefined) continue;
    const known = byFirst.get(first);
    if (known) known.push(rest);
    else byFirst.set(first, [rest]);
  }
  return new Map([...byFirst].map(([key, below]) => [key, toTree(below)]));
}
