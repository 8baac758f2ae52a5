import type { EntityInput, RequiredSelection } from '../execution/plan.ts';
import type { FetchGroup } from './fetch-groups.ts';
import type { TextContext } from './fetch-text.ts';
import type { Entry, ObjectClass, Position } from './search-state.ts';

/** The `requires` of a group's representations. */
export function entityInput(group: FetchGroup, context: InputContext): EntityInput {
  const byCondition = new Map<string, Map<string, RequiredSelection>>();
  const { position } = group;
  for (const { class: of, fields } of requiredByClass(group, context)) {
    const isOnly = position.classes.length === 1;
    const names = group.as !== undefined ? [group.as] : isOnly ? [position.type.name] : of.types;
    for (const name of names) {
      const known = byCondition.get(name) ?? new Map([['', typenameField]]);
      for (const [key, field] of fields) known.set(key, field);
      byCondition.set(name, known);
    }
  }
  const selections = [...byCondition].map(([typeCondition, fields]): RequiredSelection => ({
    kind: 'fragment',
    typeCondition,
    selections: [...fields.values()],
  }));
  const typename = position.type.isObject ? position.type.name : undefined;
  if (group.as === undefined) return { typename, requires: selections, rewrites: [] };
  const path = [
    { kind: 'types', names: [group.as] },
    { kind: 'key', name: '__typename' },
  ] as const;
  return { typename, requires: selections, rewrites: [{ kind: 'set', path, value: group.as }] };
}

type InputContext = Pick<TextContext, 'search' | 'tree'>;

const typenameField: RequiredSelection = {
  kind: 'field',
  from: '__typename',
  to: '__typename',
  selections: undefined,
};

/** The required fields of each class, for all its states. */
function requiredByClass(
  { states, position }: FetchGroup,
  { search, tree }: InputContext,
): readonly {
  readonly class: ObjectClass;
  readonly fields: ReadonlyMap<string, RequiredSelection>;
}[] {
  return position.classes.flatMap((of) => {
    const entries = new Set<Entry>();
    const entering = states.filter((state) => state.class === of && state.chosen?.entityKey);
    if (entering.length === 0) return [];
    for (const state of entering) {
      if (!state.chosen?.entityKey) continue;
      for (const need of search.needs.of(state, state.chosen.entityKey))
        if (need.class === of && need.entry) entries.add(need.entry);
    }
    return [
      {
        class: of,
        fields: new Map([...entries].map((entry) => [entry.key, requiredField(entry, tree)])),
      },
    ];
  });
}

function requiredField(entry: Entry, tree: InputContext['tree']): RequiredSelection {
  const { key: from, name: to } = entry;
  const child = tree.childOf(entry);
  return { kind: 'field', from, to, selections: child && requiredBelow(child, tree) };
}

function requiredBelow(
  { type, classes }: Position,
  tree: InputContext['tree'],
): readonly RequiredSelection[] {
  const fields = ({ entries }: ObjectClass): RequiredSelection[] =>
    entries.map((entry) => requiredField(entry, tree));
  if (type.isObject) return classes.flatMap(fields);
  return [
    typenameField,
    ...classes.flatMap((of) =>
      of.types.map((typeCondition): RequiredSelection => ({
        kind: 'fragment',
        typeCondition,
        selections: fields(of),
      })),
    ),
  ];
}
