import type { PlanNode, PlanPath } from './plan.ts';
import { isStoreObject } from './store.ts';

/** Response keys from the root, or from an object, down to other objects; without list segments. */
type Keys = readonly string[];

/** The paths of a plan's fetches that take arguments from the enclosing objects (`@fromContext`). */
export type ContextPaths = readonly Keys[];

/** Response keys to follow, each with the keys below it. */
export type KeyPaths = ReadonlyMap<string, KeyPaths>;

/** The context paths of a node that runs on the objects at `path`. */
export function contextPathsOf(node: PlanNode | undefined, path: Keys = []): ContextPaths {
  switch (node?.kind) {
    case 'sequence':
    case 'parallel':
      return node.nodes.flatMap((each) => contextPathsOf(each, path));
    case 'flatten':
      return contextPathsOf(node.node, [...path, ...namesOf(node.path)]);
    case 'subscription':
      return contextPathsOf(node.rest, path);
    case 'condition':
      return [node.whenTrue, node.whenFalse].flatMap((each) => contextPathsOf(each, path));
    case 'defer':
      return [node.primary, ...node.deferred].flatMap((each) => contextPathsOf(each.node, path));
    case 'fetch':
      return node.contextArguments.length > 0 ? [path] : [];
    default:
      return [];
  }
}

/** The part of the context paths that is below the objects at some paths; `undefined` when there is none. */
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
 * Copies the objects and lists along these paths, for another place in the store. A value from `@fromContext` depends
 * on the enclosing objects, which differ from place to place. Everything else is shared.
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
