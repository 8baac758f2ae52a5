import type { GraphQLError } from 'graphql';
import type { ErrorPlace, Problems } from './problems.ts';
import type { AbstractShape, FieldShape, ObjectShape, ValueShape } from './shape.ts';
import { isStoreObject, nullAbove, type ResponsePath, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * The errors of an execution without those of fields that were selected for objects of another type only. A subgraph
 * with an `@interfaceObject` is asked for such fields of every object, because it does not know which type each has.
 */
export function withoutUnasked(
  problems: Problems,
  types: TypeIndex,
  shape: ObjectShape,
  root: StoreObject,
  data: StoreObject | null,
): readonly GraphQLError[] | undefined {
  const { errors } = problems;
  if (!errors) return undefined;
  const doubtful = new Map<GraphQLError, ResponsePath>();
  const asked = errors.filter((error) => {
    const place = problems.placeOf(error);
    const finding = error.path && place ? look(place, error.path, shape, root, types) : 'asked';
    if (finding === 'asked' || finding === 'unasked') return finding === 'asked';
    doubtful.set(error, finding);
    return true;
  });
  // An object without a type is null; one error that is right for each type it might be of says enough for that null.
  const certain = asked.filter((error) => !doubtful.has(error));
  const told = asked.filter((error) => {
    const object = doubtful.get(error);
    if (!object) return true;
    const found = nullAbove(data, object);
    return !certain.some(({ path }) => path && startsWith(path, found));
  });
  return told.length > 0 ? told : undefined;
}

function startsWith(path: ResponsePath, beginning: ResponsePath): boolean {
  return beginning.every((step, index) => path[index] === step);
}

/** A path for a field that only some types have, of the object there, whose type nobody knows. */
function look(
  { position, subgraph, ownFrom }: ErrorPlace,
  path: ResponsePath,
  root: ObjectShape,
  data: StoreObject,
  types: TypeIndex,
): 'asked' | 'unasked' | ResponsePath {
  let shape: ValueShape = root;
  let value: unknown = data;
  let outermost: { readonly shape: AbstractShape; readonly below: ResponsePath } | undefined;
  for (const [index, step] of position.entries()) {
    if (shape.kind === 'list') {
      if (typeof step !== 'number') return 'asked';
      shape = shape.item;
      value = Array.isArray(value) ? value[step] : undefined;
      continue;
    }
    const object = isStoreObject(value) ? value : undefined;
    if (shape.kind === 'abstract') {
      // A subgraph that knows the type of the object resolves only what is selected of it.
      const isVeiled = types.isVeiled(shape.typename, index < ownFrom ? undefined : subgraph);
      if (!object && !isVeiled) return 'asked';
      if (isVeiled) outermost ??= { shape, below: path.slice(index) };
      const typename = object?.__typename;
      const concrete: ObjectShape | undefined =
        typeof typename === 'string' && typename !== shape.typename
          ? shape.forType(typename)
          : shape.forUnknownType();
      if (!concrete)
        return isVeiled && !shape.selectsForEachType(step) ? path.slice(0, index) : 'asked';
      shape = concrete;
    }
    if (shape.kind !== 'object') return 'asked';
    const field: FieldShape | undefined = shape.fields.find(({ from }) => from === step);
    if (!field && !object && !outermost) return 'asked';
    // Of one response key for several fields, it is another than this object's.
    if (!field && shape.fields.some(({ key }) => key === path[index])) return 'unasked';
    // What nobody selected was fetched for a key or for `@requires`, and may be why another field is null.
    if (!field) return outermost?.shape.selects(outermost.below) === true ? 'unasked' : 'asked';
    shape = field.value;
    value = object?.[field.from];
  }
  return 'asked';
}
