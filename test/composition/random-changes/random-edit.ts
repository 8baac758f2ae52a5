import type { Random } from '../../support/oracles/random.ts';
import { defaults, randomField, value, wrapped } from './random-schema.ts';
import type { FieldModel, SchemaModel, TypeModel, ValueModel } from './schema-model.ts';

/** Changes a schema in one place, or not at all. The schema that comes out may be invalid. */
export function editRandomly(model: SchemaModel, random: Random): void {
  random.pick(edits)(model, random);
}

type Edit = (model: SchemaModel, random: Random) => void;

const edits: readonly Edit[] = [
  (model, random) => editFields(model, random, (fields) => removeOne(fields, random)),
  (model, random) =>
    editFields(model, random, (fields) => {
      fields.push(randomField(random, random.pick(['f', 'g', 'h', 'i', 'j', 'new'])));
    }),
  ...Array.from({ length: 3 }, (): Edit => (model, random) => {
    editField(model, random, (field) => {
      field.type = changedType(field.type, random);
    });
  }),
  ...Array.from({ length: 4 }, (): Edit => (model, random) => {
    editField(model, random, (field) => {
      editValues(field.args, random);
    });
  }),
  ...Array.from({ length: 5 }, (): Edit => (model, random) => {
    const type = pickType(model, random, ['input']);
    if (type) editValues(type.fields, random, (made) => ({ ...made, args: [] }));
  }),
  (model, random) => removeOne(pickType(model, random, ['enum'])?.members ?? [], random),
  (model, random) => {
    pickType(model, random, ['enum'])?.members.push('NEW');
  },
  (model, random) => removeOne(pickType(model, random, ['union'])?.members ?? [], random),
  (model, random) => {
    const union = pickType(model, random, ['union']);
    const name = random.pick(['T0', 'T1', 'T2', 'T3']);
    if (union && !union.members.includes(name)) union.members.push(name);
  },
  (model, random) => removeOne(pickType(model, random, ['type'])?.interfaces ?? [], random),
  (model, random) => {
    const type = pickType(model, random, ['type']);
    const added = pickType(model, random, ['interface']);
    if (!type || !added || type.interfaces.includes(added.name)) return;
    type.interfaces.push(added.name);
    const known = new Set(type.fields.map(({ name }) => name));
    type.fields.push(...structuredClone(added.fields.filter(({ name }) => !known.has(name))));
  },
  removeType,
  changeKind,
  (model, random) => editDirective(model, random),
  (model) => {
    model.hasMutation = false;
    removeNamed(model, 'Mutation');
  },
  (model) => {
    model.hasSubscription = false;
    removeNamed(model, 'Subscription');
  },
  (model, random) => {
    const type = pickType(model, random, ['input']);
    if (type) type.isOneOf = !type.isOneOf;
  },
  // What is never null any more, wherever a field has the name, is what only aliases break.
  ...Array.from({ length: 5 }, (): Edit => (model, random) => {
    const name = random.pick(['id', 'f', 'g', 'h', 'i', 'j']);
    for (const { kind, fields } of model.types) {
      if (kind === 'input') continue;
      for (const field of fields) {
        if (field.name === name) field.type = field.type.replace(/[^!]$/, '$&!');
      }
    }
  }),
];

function removeNamed({ types }: SchemaModel, removed: string): void {
  types.splice(0, types.length, ...types.filter(({ name }) => name !== removed));
}

function pickType(
  { types }: SchemaModel,
  random: Random,
  kinds: readonly TypeModel['kind'][],
): TypeModel | undefined {
  const found = types.filter(({ kind }) => kinds.includes(kind));
  return found.length > 0 ? random.pick(found) : undefined;
}

/** What happens to an interface mostly happens to the types that implement it, too. */
function editFields(
  model: SchemaModel,
  random: Random,
  edit: (fields: FieldModel[]) => void,
): void {
  const type = pickType(model, random, ['type', 'interface']);
  if (!type) return;
  edit(type.fields);
}

function editField(model: SchemaModel, random: Random, edit: (field: FieldModel) => void): void {
  const type = pickType(model, random, ['type', 'interface']);
  if (!type || type.fields.length === 0) return;
  const field = random.pick(type.fields);
  const before = field.type;
  edit(field);
  if (type.kind !== 'interface' || random.chance(0.3)) return;
  for (const other of model.types) {
    if (!other.interfaces.includes(type.name)) continue;
    const at = other.fields.findIndex(
      ({ name, type: old }) => name === field.name && old === before,
    );
    if (at >= 0) other.fields[at] = structuredClone(field);
  }
}

function removeOne(list: unknown[], random: Random): void {
  if (list.length > 1) list.splice(random.below(list.length), 1);
}

/** Changes arguments, or the fields of an input type. */
function editValues<T extends ValueModel>(
  values: T[],
  random: Random,
  made: (value: ValueModel) => T = (each) => each as T,
): void {
  const kind = random.below(5);
  if (kind === 0 && values.length > 0) values.splice(random.below(values.length), 1);
  else if (kind === 1 || values.length === 0) values.push(made(value(random, 'new')));
  else {
    const changed = random.pick(values);
    if (kind === 2) {
      changed.type = changedType(changed.type, random);
      if (random.chance(0.5)) changed.defaultValue = undefined;
    } else if (changed.defaultValue !== undefined && random.chance(0.6)) {
      changed.defaultValue = undefined;
    } else changed.defaultValue = defaults[changed.type.replaceAll('!', '')];
  }
}

function changedType(type: string, random: Random): string {
  const kind = random.below(5);
  if (kind === 0) return type.endsWith('!') ? type.slice(0, -1) : `${type}!`;
  if (kind === 1) return type.endsWith('!') ? type.slice(0, -1) : `${type}!`;
  if (kind === 2) return type.includes('!]') ? type.replace('!]', ']') : type.replace(']', '!]');
  if (kind === 3)
    return type.startsWith('[') ? type.replace(/[[\]]/g, '').replace('!!', '!') : `[${type}]`;
  return wrapped(random, random.pick(['Int', 'String', 'ID', 'E0', 'T1', 'I0']));
}

/** Removes a type with everything that has it. */
function removeType(model: SchemaModel, random: Random): void {
  const gone = pickType(model, random, ['type', 'interface', 'union', 'enum', 'input', 'scalar']);
  if (!gone || ['Query', 'Mutation', 'Subscription'].includes(gone.name)) return;
  const isLeft = ({ type }: ValueModel): boolean => type.replace(/[[\]!]/g, '') !== gone.name;
  model.types.splice(model.types.indexOf(gone), 1);
  for (const type of model.types) {
    type.fields = type.fields.filter(isLeft);
    for (const field of type.fields) field.args = field.args.filter(isLeft);
    type.interfaces = type.interfaces.filter((name) => name !== gone.name);
    if (type.kind === 'union') type.members = type.members.filter((name) => name !== gone.name);
  }
  for (const directive of model.directives) directive.args = directive.args.filter(isLeft);
}

function changeKind(model: SchemaModel, random: Random): void {
  const type = pickType(model, random, ['enum', 'scalar', 'union', 'interface']);
  if (!type) return;
  if (type.kind === 'enum') type.kind = 'scalar';
  else if (type.kind === 'scalar') {
    type.kind = 'enum';
    type.members = ['A'];
  } else {
    type.kind = 'type';
    if (type.fields.length === 0) type.fields.push(randomField(random, 'id'));
    for (const other of model.types)
      other.interfaces = other.interfaces.filter((name) => name !== type.name);
  }
}

function editDirective({ directives }: SchemaModel, random: Random): void {
  const directive = directives[0];
  if (!directive) return;
  const kind = random.below(4);
  if (kind === 0) directives.pop();
  else if (kind === 1) removeOne(directive.locations, random);
  else if (kind === 2) directive.isRepeatable = !directive.isRepeatable;
  else editValues(directive.args, random);
}
