import type { Random } from '../../support/oracles/random.ts';
import type { FieldModel, SchemaModel, TypeModel, ValueModel } from './schema-model.ts';

const scalars = ['Int', 'String', 'ID', 'Float', 'Boolean', 'Date'];
const inputNames = ['I0', 'I1', 'OneOf'];
const enumNames = ['E0', 'E1'];
const names = ['id', 'f', 'g', 'h', 'i', 'j'];
const outputNames = ['T0', 'T1', 'T2', 'T3', 'N0', 'N1', 'U0'];

/** A schema with every kind of type, few names of fields, and much that meets in interfaces and unions. */
export function randomSchema(random: Random): SchemaModel {
  // Fields of one name are mostly alike, or nothing could be merged.
  const pool = new Map(names.map((name) => [name, randomField(random, name)]));
  const fields = (): FieldModel[] =>
    names
      .filter((name) => name === 'id' || random.chance(0.6))
      .map((name) => {
        const known = pool.get(name);
        return known && random.chance(0.8) ? structuredClone(known) : randomField(random, name);
      });
  const shared = fields();
  const interfaces = ['N0', 'N1'].map((name) =>
    type(name, 'interface', { fields: withoutRepetition([...shared, ...fields()]) }),
  );
  const objects = ['T0', 'T1', 'T2', 'T3'].map((name) => {
    const [one] = random.chance(0.7) ? [random.pick(interfaces)] : [];
    const both = random.chance(0.2) ? interfaces : [];
    const implemented = new Set([...(one ? [one] : []), ...both]);
    const own = [...[...implemented].flatMap((each) => structuredClone(each.fields)), ...fields()];
    return type(name, 'type', {
      fields: withoutRepetition(own),
      interfaces: [...implemented].map((each) => each.name),
    });
  });
  return {
    hasMutation: true,
    hasSubscription: true,
    directives: [
      {
        name: 'mark',
        args: [{ name: 'x', type: 'Int!', defaultValue: '1' }, value(random, 'y')],
        locations: [
          ...['FIELD', 'INLINE_FRAGMENT', 'FRAGMENT_SPREAD', 'FRAGMENT_DEFINITION'],
          ...['QUERY', 'MUTATION', 'SUBSCRIPTION'],
        ],
        isRepeatable: random.chance(0.5),
      },
    ],
    types: [
      type('Date', 'scalar', {}),
      ...enumNames.map((name) => type(name, 'enum', { members: ['A', 'B', 'C'] })),
      ...['I0', 'I1'].map((name) =>
        type(name, 'input', {
          fields: ['a', 'b', 'c'].map((field) => ({ ...value(random, field), args: [] })),
        }),
      ),
      oneOf(random),
      ...interfaces,
      ...objects,
      type('U0', 'union', {
        members: ['T0', 'T1', 'T2'].filter((_, at) => at > 0 || random.chance(0.5)),
      }),
      type('Query', 'type', {
        fields: [
          ...fields(),
          ...outputNames.map((name) => ({
            name: name.toLowerCase(),
            type: name,
            args: args(random),
          })),
        ],
      }),
      type('Mutation', 'type', { fields: fields() }),
      type('Subscription', 'type', { fields: fields() }),
    ],
  };
}

function type(name: string, kind: TypeModel['kind'], rest: Partial<TypeModel>): TypeModel {
  return { name, kind, fields: [], interfaces: [], members: [], isOneOf: false, ...rest };
}

/** Its fields may be null and have no defaults. */
function oneOf(random: Random): TypeModel {
  const fields = ['a', 'b', 'c'].map((name) => ({ ...optional(value(random, name)), args: [] }));
  return type('OneOf', 'input', { isOneOf: true, fields });
}

function optional({ name, type: text }: ValueModel): ValueModel {
  return { name, type: text.replace(/!$/, ''), defaultValue: undefined };
}

function withoutRepetition(all: readonly FieldModel[]): FieldModel[] {
  const byName = new Map<string, FieldModel>();
  for (const field of all) if (!byName.has(field.name)) byName.set(field.name, field);
  return [...byName.values()];
}

/** A field of any type that can be answered; the fields of one name mostly have one type. */
export function randomField(random: Random, name: string): FieldModel {
  const usual: Readonly<Record<string, string>> = { id: 'ID', f: 'Int', g: 'String', h: 'T0' };
  const named = random.chance(0.8) ? usual[name] : undefined;
  const base = named ?? random.pick([...scalars, ...enumNames, ...outputNames]);
  return {
    name,
    type: random.chance(0.7) ? base : wrapped(random, base),
    args: random.chance(0.5) ? args(random) : [],
  };
}

function args(random: Random): ValueModel[] {
  return ['a', 'b'].filter(() => random.chance(0.5)).map((name) => value(random, name));
}

/** An argument or input field of any type. Input types do not require each other, so that each can be given. */
export function value(random: Random, name: string): ValueModel {
  const isInput = random.chance(0.25);
  const named = isInput ? random.pick(inputNames) : random.pick([...scalars, ...enumNames]);
  const text = random.chance(0.4) ? named : wrapped(random, named);
  const written = isInput ? text.replace(/!$/, '') : text;
  const simple = defaults[written.replaceAll('!', '')];
  const defaultValue = simple !== undefined && random.chance(0.5) ? simple : undefined;
  return { name, type: written, defaultValue };
}

/** Defaults of some types, without their exclamation marks. */
export const defaults: Readonly<Record<string, string>> = {
  Int: '7',
  String: '"s"',
  ID: '"i"',
  Float: '1.5',
  Boolean: 'true',
  E0: 'A',
  E1: 'B',
  '[Int]': '[1, 2]',
  '[String]': '["t"]',
  '[E0]': '[A, B]',
};

/** A type with lists and exclamation marks around it. */
export function wrapped(random: Random, named: string): string {
  const item = random.chance(0.5) ? `${named}!` : named;
  if (random.chance(0.5)) return item;
  const list = `[${item}]`;
  return random.chance(0.4) ? `${list}!` : list;
}
