import type { PlanPath } from './plan.ts';
import { positionsAt, type ResponsePath, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * Where the entities of one group are in the response. All are looked for at once, and only when something went wrong, so
 * that ever so many errors of one reply cost no more than one.
 */
export class EntityPositions {
  private readonly paths: readonly PlanPath[];
  private readonly root: StoreObject;
  private readonly types: TypeIndex;
  private found: Map<StoreObject, ResponsePath[]> | undefined;

  constructor(paths: readonly PlanPath[], root: StoreObject, types: TypeIndex) {
    this.paths = paths;
    this.root = root;
    this.types = types;
  }

  /** The positions of these entities; an entity may be in several places. */
  of(entities: Iterable<StoreObject>): readonly ResponsePath[] {
    const found = (this.found ??= this.find());
    const positions: ResponsePath[] = [];
    for (const entity of new Set(entities)) {
      for (const position of found.get(entity) ?? []) positions.push(position);
    }
    return positions;
  }

  private find(): Map<StoreObject, ResponsePath[]> {
    const found = new Map<StoreObject, ResponsePath[]>();
    for (const path of this.paths) {
      for (const { object, position } of positionsAt(this.root, path, this.types)) {
        const known = found.get(object);
        if (known) known.push(position);
        else found.set(object, [position]);
      }
    }
    return found;
  }
}
