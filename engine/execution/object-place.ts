import type { DeferredShape, ObjectShape } from './shape.ts';
import type { ResponsePath, StoreObject } from './store.ts';

/** An object of the store, with its shape and its place. */
export interface ObjectPlace {
  readonly shape: ObjectShape;
  readonly source: StoreObject;
  /** The path in the response: the client's keys. */
  readonly path: ResponsePath;
  /** The path in the store. */
  readonly position: ResponsePath;
}

/** The place of the whole response. */
export function wholeResponse(shape: ObjectShape, source: StoreObject): ObjectPlace {
  return { shape, source, path: nowhere, position: nowhere };
}

const nowhere: ResponsePath = [];

/** A deferred part at one object: what its fragment selects there. */
export interface StartedPart extends ObjectPlace {
  readonly deferred: DeferredShape;
}
