import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Random } from './random.ts';

/** A variable of a generated operation. */
interface Variable {
  readonly name: string;
  readonly type: string;
  /** As the operation defines it. */
  readonly definition: string;
}

const variableNames = [
  'a',
  'b',
  'first',
  'id',
  'representations',
  'constructor',
  'if',
  '_0',
  'input',
];

/** Makes up arguments: literals, variables and mixtures of both, each valid where it stands. */
export class InputGenerator {
  private readonly random: Random;
  private readonly variables = new Map<string, Variable>();
  private readonly given = new Map<string, unknown>();

  constructor(random: Random) {
    this.random = random;
  }

  /** The definitions in brackets; empty for none. */
  get definitions(): string {
    if (this.variables.size === 0) return '';
    return `(${[...this.variables.values()].map(({ definition }) => definition).join(', ')})`;
  }

  /** What a client would send along. */
  get values(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.given);
  }

  /** Arguments in brackets; empty for none. */
  arguments(definitions: readonly GraphQLArgument[]): string {
    const written = definitions.flatMap((definition) => {
      if (!isRequiredArgument(definition) && this.random.chance(0.35)) return [];
      return [`${definition.name}: ${this.input(definition, 0)}`];
    });
    return written.length === 0 ? '' : `(${written.join(', ')})`;
  }

  /** `@skip` and `@include`, mostly in favour of the selection; empty for none. */
  directives(share: number): string {
    if (!this.random.chance(share)) return '';
    const kinds = this.random.pick([
      ['include'],
      ['skip'],
      ['include', 'skip'],
      ['skip', 'include'],
    ]);
    return kinds.map((kind) => ` @${kind}(if: ${this.condition(kind === 'include')})`).join('');
  }

  private condition(favour: boolean): string {
    const value = this.random.chance(0.7) ? favour : !favour;
    if (this.random.chance(0.3)) return String(value);
    return this.variable('Boolean!', true, () => value);
  }

  private input(
    { type, defaultValue }: GraphQLArgument | GraphQLInputField,
    depth: number,
  ): string {
    const { random } = this;
    const hasDefault = defaultValue !== undefined;
    if (random.chance(0.35)) {
      // Where a default stands, a variable that may be null is allowed too (GraphQL spec §5.8.5), and may be absent.
      const nullable = isNonNullType(type) && hasDefault && random.chance(0.5) ? type.ofType : type;
      const isStricter = !isNonNullType(nullable) && random.chance(0.3);
      return this.variable(isStricter ? `${String(nullable)}!` : String(nullable), true, () =>
        isStricter ? this.nonNullJson(nullable, depth) : this.json(nullable, depth),
      );
    }
    return this.literal(type, depth);
  }

  /** A reference to a variable: one that is there already and fits, or a new one. */
  private variable(type: string, mayHaveDefault: boolean, value: () => unknown): string {
    const { random } = this;
    const fitting = [...this.variables.values()].filter((variable) => variable.type === type);
    if (fitting.length > 0 && random.chance(0.6)) return `$${random.pick(fitting).name}`;
    const name = this.freeName();
    const isNonNull = type.endsWith('!');
    const asDefault = mayHaveDefault && random.chance(0.3);
    const text = asDefault ? jsonAsLiteral(value()) : undefined;
    // With a default that is not null, the variable itself may be null and still stand where null may not (§5.8.5).
    const declared =
      text !== undefined && text !== 'null' && isNonNull && random.chance(0.5)
        ? type.slice(0, -1)
        : type;
    const usesDefault = text !== undefined && !(isNonNull && text === 'null');
    const definition = `$${name}: ${declared}${usesDefault ? ` = ${text}` : ''}`;
    this.variables.set(name, { name, type, definition });
    const mayBeAbsent = usesDefault || !isNonNull;
    if (!mayBeAbsent || random.chance(0.7)) {
      const given = value();
      if (given !== null || !isNonNull) this.given.set(name, given);
    }
    return `$${name}`;
  }

  private freeName(): string {
    const free = variableNames.filter((name) => !this.variables.has(name));
    return free.length > 0 && this.random.chance(0.8)
      ? this.random.pick(free)
      : `v${this.variables.size}`;
  }

  private literal(type: GraphQLInputType, depth: number): string {
    const { random } = this;
    if (isNonNullType(type)) return this.literal(type.ofType, depth);
    // What is not asked to be non-null is null now and then.
    return random.chance(0.12) ? 'null' : this.nonNullLiteral(type, depth);
  }

  private nonNullLiteral(type: GraphQLInputType, depth: number): string {
    const { random } = this;
    if (isListType(type)) {
      // One value stands for a list of it (§3.11).
      if (random.chance(0.2)) return this.nonNullLiteral(nullableOf(type.ofType), depth + 1);
      const items = Array.from({ length: random.below(3) }, () =>
        this.item(type.ofType, depth + 1),
      );
      return `[${items.join(', ')}]`;
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).flatMap((field) => {
        const isLeftOut = !isRequiredInputField(field) && (depth > 2 || random.chance(0.4));
        return isLeftOut ? [] : [`${field.name}: ${this.input(field, depth + 1)}`];
      });
      return `{${fields.join(', ')}}`;
    }
    if (isEnumType(type)) return random.pick(type.getValues()).name;
    return scalarLiteral(String(type), random);
  }

  private item(type: GraphQLInputType, depth: number): string {
    if (this.random.chance(0.2))
      return this.variable(String(type), false, () => this.json(type, depth));
    return isNonNullType(type)
      ? this.nonNullLiteral(type.ofType, depth)
      : this.literal(type, depth);
  }

  /** A value as a client sends it in JSON. */
  private json(type: GraphQLInputType, depth: number): unknown {
    const { random } = this;
    if (isNonNullType(type)) return this.nonNullJson(type.ofType, depth);
    return random.chance(0.15) ? null : this.nonNullJson(type, depth);
  }

  private nonNullJson(type: GraphQLInputType, depth: number): unknown {
    const { random } = this;
    if (isListType(type)) {
      if (random.chance(0.2)) return this.nonNullJson(nullableOf(type.ofType), depth + 1);
      return Array.from({ length: random.below(3) }, () => this.json(type.ofType, depth + 1));
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isRequiredInputField(field) || (depth <= 2 && random.chance(0.6)),
      );
      return Object.fromEntries(
        fields.map((field) => [
          field.name,
          isNonNullType(field.type)
            ? this.nonNullJson(field.type.ofType, depth + 1)
            : this.json(field.type, depth + 1),
        ]),
      );
    }
    if (isEnumType(type)) return new EnumName(random.pick(type.getValues()).name);
    return JSON.parse(scalarLiteral(String(type), random));
  }
}

/** The name of an enum's value: text in JSON, and a name in a literal. */
class EnumName {
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  toJSON(): string {
    return this.name;
  }

  toString(): string {
    return this.name;
  }
}

function nullableOf(type: GraphQLInputType): GraphQLInputType {
  return isNonNullType(type) ? type.ofType : type;
}

function jsonAsLiteral(value: unknown): string {
  if (value instanceof EnumName) return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonAsLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, each]) => `${name}: ${jsonAsLiteral(each)}`)
    .join(', ')}}`;
}

/** A literal that is JSON as well. */
function scalarLiteral(type: string, random: Random): string {
  switch (type) {
    case 'Int':
      return String(random.pick([0, 1, 2, 3, -7, 2_147_483_647]));
    case 'Float':
      return random.pick(['0', '1', '2.5', '-1e3', '0.1']);
    case 'Boolean':
      return String(random.chance(0.5));
    case 'ID':
      return random.pick(['"1"', '2', '"Product-3"', '""', '"é\\"\\\\"']);
    case 'String':
    case 'DateTime':
      return random.pick([
        '"text"',
        '""',
        '"with \\"quotes\\" and \\\\"',
        '"\\n\\u0041 ümlaut $a {b} #c"',
      ]);
    default:
      return random.pick(['1', '"text"', 'true', '[1, null, "x"]', '[]']);
  }
}
