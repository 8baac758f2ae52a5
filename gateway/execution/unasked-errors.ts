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
  const asked = problems.errors?.filter((error) => {
    const position = problems.positionOf(error);
    return !error.path || !position || !isUnasked(position, error.path, shape, root);
  });
  return asked && asked.length > 0 ? asked : undefined;
}

function isUnasked(
  position: ResponsePath,
  path: ResponsePath,
  root: ObjectShape,
  data: StoreObject,
): boolean {
  let shape: ValueShape = root;
  let value: unknown = data;
  let outermost: { readonly shape: AbstractShape; readonly below: ResponsePath } | undefined;
  for (const [index, step] of position.entries()) {
    if (shape.kind === 'list') {
      if (!Array.isArray(value) || typeof step !== 'number') return false;
      shape = shape.item;
      value = value[step];
      continue;
    }
    if (!isStoreObject(value)) return false;
    if (shape.kind === 'abstract') {
      outermost ??= { shape, below: path.slice(index) };
      const typename = value.__typename;
      const concrete: ObjectShape | undefined =
        typeof typename === 'string' && typename !== shape.typename
          ? shape.forType(typename)
          : shape.forUnknownType();
      if (!concrete) return false;
      shape = concrete;
    }
    if (shape.kind !== 'object') return false;
    const field: FieldShape | undefined = shape.fields.find(({ from }) => from === step);
    // Of one response key for several fields, it is another than this object's.
    if (!field && shape.fields.some(({ key }) => key === path[index])) return step !== path[index];
    // What nobody selected was fetched for a key or for `@requires`, and may be why another field is null.
    if (!field) return outermost?.shape.selects(outermost.below) === true;
    shape = field.value;
    value = value[field.from];
  }
  return false;
}
