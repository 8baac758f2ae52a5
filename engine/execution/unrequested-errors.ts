import type { GraphQLError } from 'graphql';
import type { ObjectPlace } from './object-place.ts';
import type { ErrorOrigin, LocatedError } from './problems.ts';
import type { AbstractShape, FieldShape, ObjectShape, ValueShape } from './shape.ts';
import { isStoreObject, nullAbove, type ResponsePath, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * The errors of an object's fields, without those of fields that the client selected only for other types. A subgraph
 * with an `@interfaceObject` does not know the type of its objects, so it is asked for such fields on every object.
 */
export function withoutUnrequested(
  errors: readonly LocatedError[],
  types: TypeIndex,
  place: ObjectPlace,
  data: StoreObject | null,
): readonly GraphQLError[] | undefined {
  const uncertain = new Map<GraphQLError, ResponsePath>();
  const requested = errors.flatMap(({ error, origin }) => {
    const finding =
      error.path && origin ? classifyIn(place, origin, error.path, types) : 'requested';
    if (finding === 'unrequested') return [];
    if (finding !== 'requested') uncertain.set(error, finding);
    return [error];
  });
  // An object of unknown type is null. One error that counts for every type it might have is enough to explain that
  // null.
  const certain = requested.filter((error) => !uncertain.has(error));
  const reported = requested.filter((error) => {
    const object = uncertain.get(error);
    if (!object) return true;
    const found = place.path.concat(nullAbove(data, object));
    return !certain.some(({ path }) => path && startsWith(path, found));
  });
  return reported.length > 0 ? reported : undefined;
}

/** Classifies an error by its steps below the object; one of another object counts as requested. */
function classifyIn(
  { shape, source, path, position }: ObjectPlace,
  origin: ErrorOrigin,
  errorPath: ResponsePath,
  types: TypeIndex,
): 'requested' | 'unrequested' | ResponsePath {
  if (position.length === 0) return classify(origin, errorPath, shape, source, types);
  if (!startsWith(origin.position, position)) return 'requested';
  const below: ErrorOrigin = {
    subgraph: origin.subgraph,
    position: origin.position.slice(position.length),
    firstOwnStep: origin.firstOwnStep - position.length,
  };
  return classify(below, errorPath.slice(path.length), shape, source, types);
}

/** True when a path leads to a place or below it. */
function startsWith(path: ResponsePath, prefix: ResponsePath): boolean {
  return prefix.every((step, index) => path[index] === step);
}

/**
 * Classifies an error; returns the path to the object when only some types have the field and the object's type is
 * unknown.
 */
function classify(
  { position, subgraph, firstOwnStep }: ErrorOrigin,
  path: ResponsePath,
  root: ObjectShape,
  data: StoreObject,
  types: TypeIndex,
): 'requested' | 'unrequested' | ResponsePath {
  let shape: ValueShape = root;
  let value: unknown = data;
  let outermost: { readonly shape: AbstractShape; readonly below: ResponsePath } | undefined;
  for (const [index, step] of position.entries()) {
    if (shape.kind === 'list') {
      if (typeof step !== 'number') return 'requested';
      shape = shape.item;
      value = Array.isArray(value) ? value[step] : undefined;
      continue;
    }
    const object = isStoreObject(value) ? value : undefined;
    if (shape.kind === 'abstract') {
      // A subgraph that knows the object's type resolves only what is selected for that type.
      const mayBeInterfaceObject = types.mayBeInterfaceObject(
        shape.typename,
        index < firstOwnStep ? undefined : subgraph,
      );
      if (!object && !mayBeInterfaceObject) return 'requested';
      if (mayBeInterfaceObject) outermost ??= { shape, below: path.slice(index) };
      const typename = object?.__typename;
      const concrete: ObjectShape | undefined =
        typeof typename === 'string' && typename !== shape.typename
          ? shape.forType(typename)
          : shape.forUnknownType();
      if (!concrete)
        return mayBeInterfaceObject && !shape.selectsForEachType(step)
          ? path.slice(0, index)
          : 'requested';
      shape = concrete;
    }
    if (shape.kind !== 'object') return 'requested';
    const field: FieldShape | undefined = shape.fields.find(({ from }) => from === step);
    if (!field && !object && !outermost) return 'requested';
    // The response key belongs to several fields, and the error is about another one than this object's.
    if (!field && shape.fields.some(({ key }) => key === path[index])) return 'unrequested';
    // A field outside the client's selection was fetched for a key or for `@requires`, and may explain another field's
    // null.
    if (!field)
      return outermost?.shape.selects(outermost.below) === true ? 'unrequested' : 'requested';
    shape = field.value;
    value = object?.[field.from];
  }
  return 'requested';
}
