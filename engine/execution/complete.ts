import { GraphQLError } from 'graphql';
import { type DividedErrors, divideErrors } from './divide-errors.ts';
import type { ObjectPlace, StartedPart } from './object-place.ts';
import type { Problems } from './problems.ts';
import type {
  AbstractShape,
  DeferredShape,
  FieldShape,
  LeafShape,
  ListShape,
  ObjectShape,
  ValueShape,
} from './shape.ts';
import { isStoreObject, nullAbove, type ResponsePath, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';
import { withoutUnrequested } from './unrequested-errors.ts';

/** The most invalid values reported one by one, and the most kept to choose those from. */
const reportedErrorsMax = 100;
const keptErrorsMax = 10_000;

/** A completed object: `data` as in GraphQL spec §7.1.1, and all errors. */
export interface CompletedObject {
  readonly data: StoreObject | null;
  readonly errors: readonly GraphQLError[] | undefined;
  /** The deferred parts at the object and at those below it; `undefined` for none. */
  readonly started: readonly StartedPart[] | undefined;
  /** Errors that belong to one of these parts. */
  readonly later: DividedErrors['later'] | undefined;
}

/** What completion needs besides the object. */
export interface CompletionContext {
  readonly problems: Problems;
  readonly types: TypeIndex;
  readonly introspection: StoreObject | undefined;
}

/**
 * Completes an object of the store to the shape of the client's operation (GraphQL spec §6.4.3). The result holds only
 * the selected fields, in order, each of its type. A missing or invalid value becomes null and propagates to the nearest
 * nullable field. `reported` are the errors of the fetches.
 */
export function completeObject(
  place: ObjectPlace,
  { problems, types, introspection }: CompletionContext,
  reported = problems.located,
): CompletedObject {
  const completion = new Completion(problems, types, introspection);
  const data = completion.object(place.shape, place.source) ?? null;
  const started = completion.partsIn(data, place);
  const divided = reported && started && divideErrors(reported, place, started);
  const own = divided ? divided.own : reported;
  const earlier = own && withoutUnrequested(own, types, place, data);
  return {
    data,
    errors: completion.errorsWith(earlier, data, place.path),
    started,
    later: divided?.later,
  };
}

/** The shape of a value that is read from the store, or of a `__typename`. */
type StoredShape = Exclude<ValueShape, { kind: 'introspection' | 'removed' }>;

/** What is found at a place below; the paths are from the innermost step out: each level appends its own. */
interface Found {
  readonly reversedPath: (string | number)[];
}

interface FoundPart extends Found {
  readonly deferred: DeferredShape;
  readonly source: StoreObject;
  readonly reversedPosition: (string | number)[];
}

interface FoundError extends Found {
  readonly message: string;
  /** True for a missing value: suppressed when another error already explains the null (§6.4.4). */
  readonly isSuppressible: boolean;
}

/** Each method returns the completed value, or `undefined` when it is invalid and the error has been noted. */
class Completion {
  private readonly problems: Problems;
  private readonly types: TypeIndex;
  private readonly introspection: StoreObject | undefined;
  private readonly found: (FoundError | FoundPart)[] = [];
  private errorCount = 0;
  private droppedCount = 0;
  /** How many of the enclosing objects could not be fetched as a whole. */
  private unresolvedAround = 0;

  constructor(problems: Problems, types: TypeIndex, introspection: StoreObject | undefined) {
    this.problems = problems;
    this.types = types;
    this.introspection = introspection;
  }

  object(shape: ObjectShape, source: StoreObject): StoreObject | undefined {
    if (!shape.isRoot && !this.isOfType(shape, source)) return undefined;
    if (shape.deferred) this.start(shape.deferred, source);
    if (!this.problems.isUnresolved(source) || this.problems.isUnresolvedByField(source))
      return this.fields(shape, source);
    this.unresolvedAround += 1;
    const completed = this.fields(shape, source);
    this.unresolvedAround -= 1;
    return completed;
  }

  private fields(shape: ObjectShape, source: StoreObject): StoreObject | undefined {
    const target: StoreObject = shape.needsNullPrototype ? nullPrototype() : {};
    // Valid leaves are by far the most common, so they are handled without a call.
    for (const field of shape.fields) {
      const value = source[field.from];
      switch (field.value.kind) {
        case 'string':
        case 'id':
          if (typeof value === 'string') {
            target[field.key] = value;
            continue;
          }
          break;
        case 'int':
          if (typeof value === 'number' && (value | 0) === value) {
            target[field.key] = value;
            continue;
          }
          break;
        case 'typename':
          target[field.key] = field.value.typename;
          continue;
        default:
      }
      const completed = this.field(field, value);
      if (completed === undefined) return undefined;
      target[field.key] = completed;
    }
    return target;
  }

  /** The errors found here and the earlier ones, at most one per position; `at` is the path to the data. */
  errorsWith(
    earlier: readonly GraphQLError[] | undefined,
    data: StoreObject | null,
    at: ResponsePath,
  ): readonly GraphQLError[] | undefined {
    if (this.errorCount === 0) return earlier;
    const isExplained = earlier ? explainedBy(earlier) : () => false;
    const extensions = { code: 'SUBGRAPH_ERROR' };
    const all = [...(earlier ?? [])];
    let leftOut = this.droppedCount;
    let reportedCount = 0;
    for (const each of this.found) {
      if (!('message' in each)) continue;
      const { message, reversedPath, isSuppressible } = each;
      const below = reversedPath.reverse();
      if (isSuppressible && isExplained(at.concat(nullAbove(data, below)))) continue;
      const path = at.concat(below);
      if (reportedCount < reportedErrorsMax)
        all.push(new GraphQLError(message, { path, extensions }));
      else leftOut += 1;
      reportedCount += 1;
    }
    if (leftOut > 0) {
      const message = `${leftOut} more values from subgraphs are invalid or missing.`;
      all.push(new GraphQLError(message, { extensions }));
    }
    return all.length > 0 ? all : undefined;
  }

  /** The parts at objects that are in the data: an object that became null has none. */
  partsIn(data: StoreObject | null, at: ObjectPlace): readonly StartedPart[] | undefined {
    if (this.found.length === this.errorCount) return undefined;
    const parts = this.found.flatMap((each): readonly StartedPart[] => {
      if (!('deferred' in each)) return [];
      const { deferred, source, reversedPath, reversedPosition } = each;
      const path = reversedPath.reverse();
      if (!hasObjectAt(data, path)) return [];
      const position = at.position.concat(reversedPosition.reverse());
      return [{ deferred, shape: deferred.shape, source, path: at.path.concat(path), position }];
    });
    return parts.length > 0 ? parts : undefined;
  }

  private field(field: FieldShape, value: unknown): unknown {
    const before = this.found.length;
    const completed = this.fieldValue(field, value);
    if (this.found.length > before) this.addStep(before, field.key, field.from);
    return completed;
  }

  private fieldValue({ value: shape, coordinate }: FieldShape, value: unknown): unknown {
    switch (shape.kind) {
      case 'introspection':
        return this.introspection?.[shape.name] ?? null;
      case 'removed':
        return shape.nonNull ? undefined : null;
      default:
        return this.value(shape, value, coordinate);
    }
  }

  private value(shape: StoredShape, value: unknown, coordinate: string): unknown {
    if (value === null || value === undefined || typeof value === 'function') {
      return this.completeMissing(shape, value, coordinate);
    }
    const completed = this.completePresent(shape, value, coordinate);
    return completed === undefined && !shape.nonNull ? null : completed;
  }

  private completeMissing(shape: ValueShape, value: unknown, coordinate: string): null | undefined {
    const isNull = value === null;
    const isUnexplained = !isNull && this.unresolvedAround === 0;
    // An absent field can follow from a failed fetch, when another fetch brought the object without it.
    if (isUnexplained) this.note(`No subgraph returned the field ${coordinate}.`, true);
    if (!shape.nonNull) return null;
    if (!isUnexplained) {
      const message = `Cannot return null for non-nullable field ${coordinate}.`;
      this.note(message, true);
    }
    return undefined;
  }

  private completePresent(shape: StoredShape, value: unknown, coordinate: string): unknown {
    switch (shape.kind) {
      case 'object':
        if (isStoreObject(value)) return this.object(shape, value);
        return this.noteInvalid(shape.typename, value, coordinate);
      case 'list':
        if (Array.isArray(value)) return this.list(shape, value, coordinate);
        return this.noteInvalid('list', value, coordinate);
      case 'abstract':
        if (isStoreObject(value)) return this.abstract(shape, value, coordinate);
        return this.noteInvalid(shape.typename, value, coordinate);
      case 'typename':
        return shape.typename;
      default:
        return completeLeaf(shape, value) ?? this.noteInvalid(shape.typename, value, coordinate);
    }
  }

  private list(
    shape: ListShape,
    items: readonly unknown[],
    coordinate: string,
  ): unknown[] | undefined {
    const { item: itemShape } = shape;
    const completed: unknown[] = [];
    let isValid = true;
    for (let index = 0; index < items.length; index += 1) {
      const before = this.found.length;
      const item =
        itemShape.kind === 'introspection' || itemShape.kind === 'removed'
          ? undefined
          : this.value(itemShape, items[index] ?? null, coordinate);
      if (this.found.length > before) this.addStep(before, index, index);
      if (item === undefined) isValid = false;
      completed.push(item);
    }
    return isValid ? completed : undefined;
  }

  private abstract(
    shape: AbstractShape,
    source: StoreObject,
    coordinate: string,
  ): StoreObject | undefined {
    const typename = source.__typename;
    const concrete = typeof typename === 'string' ? shape.forType(typename) : undefined;
    if (concrete) return this.object(concrete, source);
    const isUnknown = typename === undefined || typename === shape.typename;
    const typeIndependent = isUnknown ? shape.forUnknownType() : undefined;
    if (typeIndependent) return this.object(typeIndependent, source);
    if (isUnknown && this.problems.isUnresolved(source)) {
      // A field of the object that failed may be the reason.
      this.note(
        `No subgraph knows which type of ${shape.typename} the object at ${coordinate} is.`,
        true,
      );
    } else if (isUnknown) {
      this.note(
        `The subgraph did not say which type of ${shape.typename} the object at ${coordinate} is.`,
      );
    } else {
      this.note(
        `Expected a type of ${shape.typename} at ${coordinate}; a subgraph returned another type.`,
      );
    }
    return undefined;
  }

  private isOfType(shape: ObjectShape, source: StoreObject): boolean {
    const typename = source.__typename;
    if (typename === undefined || typename === shape.typename) return true;
    // A subgraph with an @interfaceObject uses the interface's name as `__typename`.
    if (typeof typename === 'string' && this.types.applies(typename, shape.typename)) return true;
    if (typeof typename === 'string' && this.types.applies(shape.typename, typename)) return true;
    this.note(
      `Expected an object of type ${shape.typename}; a subgraph returned one of another type.`,
    );
    return false;
  }

  private noteInvalid(expected: string, value: unknown, coordinate: string): unknown {
    const kind = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    this.note(
      `Expected a value of type ${expected} for ${coordinate}; a subgraph returned ${kind}.`,
    );
    return undefined;
  }

  private note(message: string, isSuppressible = false): void {
    if (this.errorCount >= keptErrorsMax) {
      this.droppedCount += 1;
      return;
    }
    this.errorCount += 1;
    this.found.push({ message, reversedPath: [], isSuppressible });
  }

  private start(parts: readonly DeferredShape[], source: StoreObject): void {
    for (const deferred of parts)
      this.found.push({ deferred, source, reversedPath: [], reversedPosition: [] });
  }

  private addStep(from: number, key: string | number, storeKey: string | number): void {
    for (let index = from; index < this.found.length; index += 1) {
      const each = this.found[index];
      each?.reversedPath.push(key);
      if (each && 'deferred' in each) each.reversedPosition.push(storeKey);
    }
  }
}

/** The value of a leaf when it fits the type (§3.5, §3.9); `undefined` otherwise. */
function completeLeaf(shape: LeafShape, value: unknown): unknown {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'id':
      if (typeof value === 'string') return value;
      return Number.isInteger(value) ? String(value) : undefined;
    case 'int':
      return typeof value === 'number' && (value | 0) === value ? value : undefined;
    case 'float':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'enum':
      return typeof value === 'string' && shape.enumValues?.has(value) === true ? value : undefined;
    case 'any':
      return value;
  }
}

/** Tells whether an earlier error is at, below or above a position. */
function explainedBy(errors: readonly GraphQLError[]): (path: ResponsePath) => boolean {
  const exact = new Set<string>();
  const prefixes = new Set<string>();
  for (const { path } of errors) {
    // An error without a path may be the reason for any null.
    if (!path) return () => true;
    exact.add(JSON.stringify(path));
    for (let length = 0; length <= path.length; length += 1) {
      prefixes.add(JSON.stringify(path.slice(0, length)));
    }
  }
  return (path) =>
    prefixes.has(JSON.stringify(path)) ||
    path.some((_, index) => exact.has(JSON.stringify(path.slice(0, index))));
}

function hasObjectAt(data: StoreObject | null, path: ResponsePath): boolean {
  let value: unknown = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return isStoreObject(value);
}

function nullPrototype(): StoreObject {
  return Object.create(null) as StoreObject;
}
