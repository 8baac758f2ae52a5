import type { PlanPath } from './plan.ts';
import { positionsAt, type ResponsePath, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * The positions of one group's entities in the response. Finds them all at once, and only after an error, so that many
 * errors of one response cost no more than one.
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

  /** The positions of these entities; one entity may have several. */
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
