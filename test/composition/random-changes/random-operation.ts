import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Random } from '../../support/oracles/random.ts';

/** An operation with values for its variables; mostly valid for the schema. */
export interface RandomOperation {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const depthMax = 4;

/**
 * An operation that selects, gives and names what a schema has: fields, aliases, fragments, arguments, variables, directives.
 * One of fragments is mostly fragments, whose fields share an alias.
 */
export function randomOperation(
  schema: GraphQLSchema,
  random: Random,
  isOfFragments = false,
): RandomOperation {
  const writer = new OperationWriter(schema, random, isOfFragments);
  return writer.write();
}

class OperationWriter {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #definitions: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  #aliases = 0;
  #fields = 0;
  /** By their object types, the fields that have the shared alias. */
  readonly #shared = new Map<string, GraphQLField<unknown, unknown>>();
  #isConstant = false;

  readonly #isOfFragments: boolean;

  constructor(schema: GraphQLSchema, random: Random, isOfFragments: boolean) {
    this.#isOfFragments = isOfFragments;
    this.#schema = schema;
    this.#random = random;
  }

  write(): RandomOperation {
    const [keyword, root] = this.#root();
    const directives = this.#directives(keyword.toUpperCase());
    const selection =
      keyword === 'subscription' ? `{ ${this.#one(root)} }` : this.#selection(root, 0);
    const head = this.#definitions.length > 0 ? `(${this.#definitions.join(', ')})` : '';
    return {
      text: [`${keyword} Random${head}${directives} ${selection}`, ...this.#fragments].join('\n'),
      variables: this.#variables,
    };
  }

  #root(): readonly ['query' | 'mutation' | 'subscription', GraphQLObjectType] {
    const [query, mutation, subscription] = [
      this.#schema.getQueryType(),
      this.#schema.getMutationType(),
      this.#schema.getSubscriptionType(),
    ];
    if (mutation && this.#random.chance(0.1)) return ['mutation', mutation];
    if (subscription && this.#random.chance(0.1)) return ['subscription', subscription];
    if (!query) throw new Error('The schema has no query type.');
    return ['query', query];
  }

  /** A subscription selects one field, which has to have a place for it. */
  #one(type: GraphQLObjectType): string {
    const fields = Object.values(type.getFields());
    return this.#field(this.#random.pick(fields), 0).join(' ');
  }

  #selection(type: GraphQLCompositeType, depth: number, isInFragment = false): string {
    const parts = ['__typename'];
    if (isInFragment && this.#random.chance(this.#isOfFragments ? 0.9 : 0.5))
      parts.push(...this.#sharingAlias(type, depth));
    if (!isUnionType(type)) {
      const fields = Object.values(type.getFields());
      const usual = depth === 0 ? 3 : 2;
      const most = this.#isOfFragments && isInFragment ? 0 : usual;
      for (let count = 0; count <= most && fields.length > 0; count += 1) {
        parts.push(...this.#field(this.#random.pick(fields), depth));
      }
    }
    for (let count = 0; count < 2; count += 1) {
      if (this.#random.chance(depth < depthMax ? (this.#isOfFragments ? 0.8 : 0.5) : 0.1))
        parts.push(...this.#fragment(type, depth));
    }
    return `{ ${parts.join(' ')} }`;
  }

  /** A field of an object with the alias that fields of other names have elsewhere: of one type, and of each object the same. */
  #sharingAlias(type: GraphQLCompositeType, depth: number): string[] {
    if (!isObjectType(type)) return [];
    const known = this.#shared.get(type.name);
    if (known) return this.#field(known, depth, 'same');
    const fields = Object.values(type.getFields()).filter(
      ({ args, type: answer }) => args.length === 0 && isLeafType(getNamedType(answer)),
    );
    const [first] = this.#shared.values();
    const alike = fields.filter((field) => !first || String(field.type) === String(first.type));
    if (alike.length === 0) return [];
    const field = this.#random.pick(alike);
    this.#shared.set(type.name, field);
    return this.#field(field, depth, 'same');
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number, shared?: string): string[] {
    const target = getNamedType(field.type);
    this.#fields += 1;
    if (isCompositeType(target) && (depth >= depthMax || this.#fields > 40)) return [];
    // Fields of one name with other arguments cannot be merged.
    const isAliased = this.#random.chance(field.args.length > 0 ? 0.9 : 0.3);
    const own = isAliased ? `alias${(this.#aliases += 1)}: ` : '';
    const alias = shared === undefined ? own : `${shared}: `;
    const below = isCompositeType(target) ? ` ${this.#selection(target, depth + 1)}` : '';
    return [`${alias}${field.name}${this.#args(field.args)}${this.#directives('FIELD')}${below}`];
  }

  #fragment(type: GraphQLCompositeType, depth: number): string[] {
    const others = Object.values(this.#schema.getTypeMap())
      .filter(isCompositeType)
      .filter((other) => !other.name.startsWith('__') && this.#overlap(type, other));
    if (others.length === 0 || this.#fields > 40) return [];
    const on = this.#random.pick(others);
    if (this.#random.chance(0.7)) {
      return [
        `... on ${on.name}${this.#directives('INLINE_FRAGMENT')} ${this.#selection(on, depth + 1, true)}`,
      ];
    }
    const selection = this.#selection(on, depth + 1, true);
    const name = `Fragment${this.#fragments.length}`;
    const directives = this.#directives('FRAGMENT_DEFINITION');
    this.#fragments.push(`fragment ${name} on ${on.name}${directives} ${selection}`);
    return [`...${name}${this.#directives('FRAGMENT_SPREAD')}`];
  }

  #overlap(one: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
    const [ofOne, ofOther] = [one, other].map((type) =>
      'getInterfaces' in type && 'isTypeOf' in type
        ? [type.name]
        : this.#schema.getPossibleTypes(type as never).map(({ name }) => name),
    );
    return ofOne?.some((name) => ofOther?.includes(name)) === true;
  }

  #args(args: readonly GraphQLArgument[]): string {
    const given = args.filter((arg) => {
      const isRequired = isNonNullType(arg.type) && arg.defaultValue === undefined;
      return isRequired || this.#random.chance(0.6);
    });
    if (given.length === 0) return '';
    return `(${given.map((arg) => `${arg.name}: ${this.#value(arg.type, arg.defaultValue !== undefined, 0)}`).join(', ')})`;
  }

  #directives(location: string): string {
    return this.#schema
      .getDirectives()
      .filter(
        ({ name, locations }) => name === 'mark' && (locations as string[]).includes(location),
      )
      .filter(() => this.#random.chance(0.1))
      .map((directive) => {
        const once = ` @${directive.name}${this.#args(directive.args)}`;
        return directive.isRepeatable && this.#random.chance(0.5) ? `${once}${once}` : once;
      })
      .join('');
  }

  #value(type: GraphQLInputType, hasDefault: boolean, depth: number): string {
    if (!this.#isConstant && this.#random.chance(0.4)) return this.#variable(type, hasDefault);
    if (isNonNullType(type)) return this.#literal(type.ofType, depth);
    return depth > 0 && this.#random.chance(0.1) ? 'null' : this.#literal(type, depth);
  }

  /** A literal without variables, as the default of one has to be. */
  #constant(type: GraphQLInputType): string {
    const wasConstant = this.#isConstant;
    this.#isConstant = true;
    const text = this.#literal(type, 0);
    this.#isConstant = wasConstant;
    return text;
  }

  #literal(type: GraphQLInputType, depth: number): string {
    if (isNonNullType(type)) return this.#literal(type.ofType, depth);
    if (isListType(type)) {
      const { ofType: item } = type;
      // One that is given for a list of one has to be written out.
      if (this.#random.chance(0.2)) return this.#literal(item, depth + 1);
      const items = Array.from({ length: this.#random.below(3) }, () =>
        this.#value(item, false, depth + 1),
      );
      return `[${items.join(', ')}]`;
    }
    if (isInputObjectType(type)) {
      const fields = this.#given(type, depth < 2);
      const parts = fields.map(
        (field) =>
          `${field.name}: ${this.#value(field.type, field.defaultValue !== undefined, depth + 1)}`,
      );
      return `{ ${parts.join(', ')} }`;
    }
    const json = this.#json(type, depth + 1);
    return isEnumType(type) ? String(json) : JSON.stringify(json);
  }

  /** The fields of an input object that are given. */
  #given(type: GraphQLInputObjectType, isWide: boolean): readonly GraphQLInputField[] {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) return [this.#random.pick(fields)];
    return fields.filter((field) => {
      const isRequired = isNonNullType(field.type) && field.defaultValue === undefined;
      return isRequired || (isWide && this.#random.chance(0.5));
    });
  }

  #variable(type: GraphQLInputType, hasDefault: boolean): string {
    const name = `v${this.#definitions.length}`;
    const usual = this.#random.chance(0.3) ? ` = ${this.#constant(type)}` : '';
    const isLoose = isNonNullType(type) && (hasDefault || usual !== '') && this.#random.chance(0.7);
    const written = isLoose ? type.ofType : type;
    this.#definitions.push(`$${name}: ${String(written)}${usual}`);
    const isRequired = isNonNullType(written);
    if (isRequired || this.#random.chance(0.7)) this.#variables[name] = this.#json(type, 0);
    return `$${name}`;
  }

  #json(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) return this.#json(type.ofType, depth + 1);
    if (depth === 0 && this.#random.chance(0.1)) return null;
    if (isListType(type)) {
      const isNull = !isNonNullType(type.ofType) && this.#random.chance(0.2);
      return [isNull ? null : this.#json(type.ofType, depth + 1)];
    }
    if (isInputObjectType(type)) {
      const fields = this.#given(type, depth < 3);
      return Object.fromEntries(
        fields.map((field) => [field.name, this.#json(field.type, depth + 1)] as const),
      );
    }
    if (isEnumType(type)) return this.#random.pick(type.getValues()).name;
    switch (type.name) {
      case 'Int':
        return this.#random.below(100);
      case 'Float':
        return this.#random.below(100) + (this.#random.chance(0.5) ? 0.5 : 0);
      case 'Boolean':
        return this.#random.chance(0.5);
      default:
        return `text ${this.#random.below(100)}`;
    }
  }
}
