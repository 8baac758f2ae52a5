import type { Change } from '../change.ts';
import type { Rule } from '../comparison.ts';
import { type Joined, type JoinedField, type KeysByType, readJoined } from '../ownership/joined.ts';
import type { PlaceOf } from '../place-index.ts';

/** Ownership: fields that move, progress of `@override`, and removed keys. */
export const ownership: Rule = ({ base, head }) => {
  const [before, after] = [readJoined(base.supergraph), readJoined(head.supergraph)];
  return [
    ...subgraphChanges(before, after),
    ...[...before.fields].flatMap(([coordinate, field]) => {
      const now = after.fields.get(coordinate);
      return now ? fieldChanges(coordinate, field, now) : [];
    }),
    ...removedKeys(before.keys, after.keys, head.placeOf),
  ];
};

/** Keys of subgraphs that still have the type. */
export function removedKeys(
  before: KeysByType,
  after: KeysByType,
  placeOf: PlaceOf,
): readonly Change[] {
  return [...before].flatMap(([type, byGraph]) =>
    [...byGraph].flatMap(([graph, keys]) => {
      const now = after.get(type)?.get(graph);
      return now ? keyChanges(type, graph, keys, now, placeOf(type, graph)) : [];
    }),
  );
}

function subgraphChanges(before: Joined, after: Joined): readonly Change[] {
  return [
    ...[...before.subgraphs]
      .filter((name) => !after.subgraphs.has(name))
      .map((name): Change => ({
        code: 'SUBGRAPH_REMOVED',
        message: `The subgraph "${name}" is no longer part of the supergraph.`,
        in: 'base',
      })),
    ...[...after.subgraphs]
      .filter((name) => !before.subgraphs.has(name))
      .map((name): Change => ({
        code: 'SUBGRAPH_ADDED',
        message: `The subgraph "${name}" is part of the supergraph now.`,
        in: 'head',
      })),
  ];
}

function fieldChanges(
  coordinate: string,
  before: JoinedField,
  after: JoinedField,
): readonly Change[] {
  return [...moves(coordinate, before, after), ...progress(coordinate, before, after)];
}

function moves(coordinate: string, before: JoinedField, after: JoinedField): readonly Change[] {
  const gone = before.owners.filter((name) => !after.owners.includes(name));
  const come = after.owners.filter((name) => !before.owners.includes(name));
  if (gone.length === 0 && come.length === 0) return [];
  const isMoved = gone.length > 0 && gone.length === before.owners.length && come.length > 0;
  const isPrepared = after.override !== undefined || before.override !== undefined;
  if (!isMoved) {
    return [
      {
        code: 'FIELD_OWNERS_CHANGED',
        message: `${coordinate} is resolved by ${listed(after.owners)}; it was by ${listed(before.owners)}.`,
        coordinate,
        in: 'head',
      },
    ];
  }
  return [
    {
      code: 'FIELD_MOVED',
      message: `${coordinate} moved from ${listed(gone)} to ${listed(come)}${isPrepared ? '' : ' without @override'}.`,
      coordinate,
      in: 'head',
      severity: isPrepared ? 'note' : 'warning',
      ...(isPrepared && { fix: 'Nothing has to be done.' }),
    },
  ];
}

function progress(coordinate: string, before: JoinedField, after: JoinedField): readonly Change[] {
  const [old, next] = [describe(before), describe(after)];
  if (old === next) return [];
  return [
    {
      code: 'OVERRIDE_CHANGED',
      message: `${coordinate} ${next}; it ${old.replace('is taken', 'was taken').replace('is not', 'was not')}.`,
      coordinate,
      in: 'head',
    },
  ];
}

function describe({ override }: JoinedField): string {
  if (!override) return 'is not taken over';
  const { from, label } = override;
  return `is taken over from "${from}"${label === undefined ? '' : ` by ${label}`}`;
}

function keyChanges(
  type: string,
  graph: string,
  before: readonly string[],
  after: readonly string[],
  place: Change['place'],
): readonly Change[] {
  const gone = before.filter((key) => !after.includes(key));
  if (gone.length === 0) return [];
  const at = place && { place };
  if (after.length === 0) {
    return [
      {
        code: 'ENTITY_NOT_RESOLVABLE',
        message: `The subgraph "${graph}" no longer resolves ${type} by any key; it did by ${listed(before)}.`,
        coordinate: type,
        in: 'head',
        ...at,
      },
    ];
  }
  return gone.map((key) => ({
    code: 'KEY_REMOVED',
    message: `The subgraph "${graph}" no longer resolves ${type} by the key "${key}".`,
    coordinate: type,
    in: 'head',
    ...at,
  }));
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'no subgraph' : names.map((name) => `"${name}"`).join(', ');
}
