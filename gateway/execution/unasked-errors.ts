import type { GraphQLError } from 'graphql';
import type { Problems } from './problems.ts';
import type { AbstractShape, FieldShape, ObjectShape, ValueShape } from './shape.ts';
import { isStoreObject, type ResponsePath, type StoreObject } from './store.ts';

/**
 * The errors of an execution without those of fields that were selected for objects of another type only. A subgraph
 * with an `@interfaceObject` is asked for such fields of every object, because it does not know which type each has.
 */
export function withoutUnasked(
  problems: Problems,
  shape: ObjectShape,
  root: StoreObject,
): readonly GraphQLError[] | undefined {
  const { errors } = problems;
  if (!errors) return undefined;
  const doubtful = new Map<GraphQLError, ResponsePath>();
  const asked = errors.filter((error) => {
    const position = problems.positionOf(error);
    const finding = error.path && position ? look(position, error.path, shape, root) : 'asked';
    if (finding === 'asked' || finding === 'unasked') return finding === 'asked';
    doubtful.set(error, finding);
    return true;
  });
  // An object without a type is null; one error that is right for each type it might be of says enough.
  const certain = asked.filter((error) => !doubtful.has(error));
  const told = asked.filter((error) => {
    const object = doubtful.get(error);
    return !object || !certain.some(({ path }) => path && startsWith(path, object));
  });
  return told.length > 0 ? told : undefined;
}

function startsWith(path: ResponsePath, beginning: ResponsePath): boolean {
  return beginning.every((step, index) => path[index] === step);
}

/** A path for a field that only some types have, of the object there, whose type nobody knows. */
function look(
  position: ResponsePath,
  path: ResponsePath,
  root: ObjectShape,
  data: StoreObject,
): 'asked' | 'unasked' | ResponsePath {
  let shape: ValueShape = root;
  let value: unknown = data;
  let outermost: { readonly shape: AbstractShape; readonly below: ResponsePath } | undefined;
  for (const [index, step] of position.entries()) {
    if (shape.kind === 'list') {
      if (!Array.isArray(value) || typeof step !== 'number') return 'asked';
      shape = shape.item;
      value = value[step];
      continue;
    }
    if (!isStoreObject(value)) return 'asked';
    if (shape.kind === 'abstract') {
      outermost ??= { shape, below: path.slice(index) };
      const typename = value.__typename;
      const concrete: ObjectShape | undefined =
        typeof typename === 'string' && typename !== shape.typename
          ? shape.forType(typename)
          : shape.forUnknownType();
      if (!concrete) return shape.selectsForEachType(step) ? 'asked' : path.slice(0, index);
      shape = concrete;
    }
    if (shape.kind !== 'object') return 'asked';
    const field: FieldShape | undefined = shape.fields.find(({ from }) => from === step);
    // Of one response key for several fields, it is another than this object's.
    if (!field && shape.fields.some(({ key }) => key === path[index])) return 'unasked';
    // What nobody selected was fetched for a key or for `@requires`, and may be why another field is null.
    if (!field) return outermost?.shape.selects(outermost.below) === true ? 'unasked' : 'asked';
    shape = field.value;
    value = value[field.from];
  }
  return 'asked';
}
