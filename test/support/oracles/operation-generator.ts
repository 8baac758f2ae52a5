import {
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isUnionType,
  parse,
  TypeNameMetaFieldDef,
  validate,
} from 'graphql';
import { InputGenerator } from './input-generator.ts';
import { createRandom, type Random } from './random.ts';

/** An operation and the variables that a client would send with it. */
export interface GeneratedOperation {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Makes up a valid operation on a schema: the same seed, the same operation. */
export function generateOperation(schema: GraphQLSchema, seed: number): GeneratedOperation {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const random = createRandom(seed + attempt * 7_919_777);
    const { text, variables } = new OperationGenerator(schema, random).operation();
    // Fields that cannot be merged and unused variables are too hard to avoid.
    if (validate(schema, parse(text, { noLocation: true })).length === 0)
      return { text, variables };
  }
  throw new Error(
    `Expected a valid operation for the seed ${seed} in ${attemptsMax} attempts; got none.`,
  );
}

const attemptsMax = 50;

/** Response keys that JavaScript, GraphQL or a planner may have a meaning for, and some without any. */
const aliases = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '_e0',
  '__typename',
  'a',
  'b',
  'id',
];

interface Selected {
  readonly parent: GraphQLCompositeType;
  readonly name: string;
  readonly args: string;
  readonly type: string;
}

interface Fragment {
  readonly name: string;
  readonly type: GraphQLCompositeType;
  readonly text: string;
}

class OperationGenerator {
  private readonly schema: GraphQLSchema;
  private readonly random: Random;
  private readonly inputs: InputGenerator;
  private readonly composites: readonly GraphQLCompositeType[];
  /** What is selected under each path of response keys, so that it can be merged (GraphQL spec §5.3.2). */
  private readonly selected = new Map<string, Selected[]>();
  private readonly fragments: Fragment[] = [];
  private fieldsLeft: number;

  constructor(schema: GraphQLSchema, random: Random) {
    this.schema = schema;
    this.random = random;
    this.inputs = new InputGenerator(random);
    this.composites = Object.values(schema.getTypeMap())
      .filter(isCompositeType)
      .filter(({ name }) => !name.startsWith('__'));
    this.fieldsLeft = 4 + random.below(random.chance(0.2) ? 60 : 25);
  }

  operation(): GeneratedOperation {
    const mutation = this.schema.getMutationType();
    const query = this.schema.getQueryType();
    if (!query) throw new Error('Expected a schema with a query type.');
    const isMutation = mutation && this.random.chance(0.2);
    const set = this.selectionSet(isMutation ? mutation : query, '', 0);
    const name = this.random.chance(0.3) ? ' Generated' : '';
    const kind = isMutation ? 'mutation' : 'query';
    const { definitions, values } = this.inputs;
    const head =
      kind === 'query' && name === '' && definitions === '' ? '' : `${kind}${name}${definitions} `;
    const fragments = this.fragments.map(({ text }) => `\n${text}`).join('');
    return {
      text: `${head}${set}${fragments}`,
      variables: JSON.parse(JSON.stringify(values)) as Record<string, unknown>,
    };
  }

  private selectionSet(type: GraphQLCompositeType, path: string, depth: number): string {
    const { random } = this;
    const count = 1 + random.below(depth < 2 ? 5 : 4);
    const selections: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const selection = this.selection(type, path, depth);
      if (selection !== undefined) selections.push(selection);
    }
    if (selections.length === 0) selections.push(this.typename(type, path));
    return `{ ${selections.join(' ')} }`;
  }

  private selection(type: GraphQLCompositeType, path: string, depth: number): string | undefined {
    const { random } = this;
    const draw = random.next();
    const wantsFragment = isUnionType(type) ? 0.85 : isObjectType(type) ? 0.22 : 0.5;
    if (depth < depthMax && draw < wantsFragment) return this.fragment(type, path, depth);
    if (draw > 0.94 || isUnionType(type)) return this.typename(type, path);
    if (depth === 0 && type === this.schema.getQueryType() && random.chance(0.02))
      return introspection;
    return this.field(type, path, depth);
  }

  private field(
    type: Exclude<GraphQLCompositeType, { getTypes: unknown }>,
    path: string,
    depth: number,
  ): string | undefined {
    const { random } = this;
    if (this.fieldsLeft <= 0) return undefined;
    const fields = Object.values(type.getFields()).filter(
      (field) => depth < depthMax || isLeafType(getNamedType(field.type)),
    );
    const composites = fields.filter((field) => isCompositeType(getNamedType(field.type)));
    const preferred = composites.length > 0 && random.chance(0.5) ? composites : fields;
    if (preferred.length === 0) return undefined;
    const field = random.pick(preferred);
    this.fieldsLeft -= 1;
    const args = this.inputs.arguments(field.args);
    const key = this.responseKey(type, field, args, path);
    if (key === undefined) return undefined;
    const named = getNamedType(field.type);
    const alias = key === field.name ? '' : `${key}: `;
    const below = isCompositeType(named)
      ? ` ${this.selectionSet(named, `${path}.${key}`, depth + 1)}`
      : '';
    return `${alias}${field.name}${args}${this.inputs.directives(0.1)}${below}`;
  }

  private typename(type: GraphQLCompositeType, path: string): string {
    const key = this.responseKey(type, TypeNameMetaFieldDef, '', path);
    return key === undefined || key === '__typename' ? '__typename' : `${key}: __typename`;
  }

  /** A key under which the field can be merged with whatever is selected there. */
  private responseKey(
    parent: GraphQLCompositeType,
    field: GraphQLField<unknown, unknown>,
    args: string,
    path: string,
  ): string | undefined {
    const { random } = this;
    const wanted: Selected = { parent, name: field.name, args, type: String(field.type) };
    const keys = [field.name, ...[1, 2, 3].map(() => this.alias(parent)), `a${random.below(1000)}`];
    for (const key of random.chance(0.75) ? keys : keys.slice(1)) {
      const at = `${path}.${key}`;
      const there = this.selected.get(at) ?? [];
      if (!there.every((other) => mayMerge(wanted, other))) continue;
      this.selected.set(at, [...there, wanted]);
      return key;
    }
    return undefined;
  }

  private alias(parent: GraphQLCompositeType): string {
    const { random } = this;
    const own = isUnionType(parent) ? [] : Object.keys(parent.getFields());
    return random.pick(random.chance(0.4) && own.length > 0 ? own : aliases);
  }

  private fragment(type: GraphQLCompositeType, path: string, depth: number): string {
    const { random } = this;
    const directives = this.inputs.directives(0.12);
    if (!isUnionType(type) && random.chance(0.15)) {
      return `...${directives} ${this.selectionSet(type, path, depth + 1)}`;
    }
    const overlapping = this.composites.filter((each) => doTypesOverlap(this.schema, type, each));
    const known = this.fragments.filter((each) => overlapping.includes(each.type));
    if (known.length > 0 && random.chance(0.3)) return `...${random.pick(known).name}${directives}`;
    const condition = this.condition(type, overlapping);
    const set = this.selectionSet(condition, path, depth + 1);
    if (random.chance(0.6)) return `... on ${condition.name}${directives} ${set}`;
    const name = `F${this.fragments.length}`;
    this.fragments.push({
      name,
      type: condition,
      text: `fragment ${name} on ${condition.name} ${set}`,
    });
    return `...${name}${directives}`;
  }

  private condition(
    type: GraphQLCompositeType,
    overlapping: readonly GraphQLCompositeType[],
  ): GraphQLCompositeType {
    const objects = overlapping.filter((each): each is GraphQLObjectType => isObjectType(each));
    return this.random.chance(0.6) && !isObjectType(type)
      ? this.random.pick(objects)
      : this.random.pick(overlapping);
  }
}

const depthMax = 6;

const introspection =
  '__type(name: "Query") { kind name fields(includeDeprecated: true) { name } }';

function mayMerge(left: Selected, right: Selected): boolean {
  const areExclusive =
    left.parent !== right.parent && isObjectType(left.parent) && isObjectType(right.parent);
  if (areExclusive) return left.type === right.type;
  return left.name === right.name && left.args === right.args;
}
