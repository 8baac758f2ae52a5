import {
  doTypesOverlap,
  type GraphQLCompositeType,
  getNamedType,
  type GraphQLSchema,
  isCompositeType,
  isLeafType,
  isRequiredArgument,
} from 'graphql';
import { definedTypes } from '../api-rule.ts';
import type { FieldRef } from './field-ref.ts';
import { fieldsOf } from './narrowed-fields.ts';
import type { ScopePair } from './scope-pairs.ts';

interface Step {
  readonly first: FieldRef;
  readonly second: FieldRef;
}

/** The alias that fields of two names are given. */
const alias = 'same';

/**
 * An operation that selects two fields under one response name where a pair of scopes is compared; `undefined` where no
 * fragments lead there. Whether a schema takes it is not looked at.
 */
export function witnessOf(
  schema: GraphQLSchema,
  pair: ScopePair,
  first: FieldRef,
  second: FieldRef,
): string | undefined {
  const steps: Step[] = [{ first, second }];
  for (let at: ScopePair = pair; at.from; at = at.from.pair) steps.unshift(at.from);
  const variables = new Map<string, string>();
  const write = new Writer(schema, variables);
  const selection = write.together(pair.root, steps);
  if (selection === undefined) return undefined;
  const given = [...variables].map(([name, type]) => `$${name}: ${type}`).join(', ');
  const kind = kindOf(schema, pair.root);
  if (kind === 'query' && given === '') return `{ ${selection} }`;
  return `${kind}${given === '' ? '' : ` (${given})`} { ${selection} }`;
}

function kindOf(schema: GraphQLSchema, root: string): string {
  if (schema.getMutationType()?.name === root) return 'mutation';
  return schema.getSubscriptionType()?.name === root ? 'subscription' : 'query';
}

class Writer {
  readonly #schema: GraphQLSchema;
  /** The types of the variables for arguments that must be given, by their names. */
  readonly #variables: Map<string, string>;

  constructor(schema: GraphQLSchema, variables: Map<string, string>) {
    this.#schema = schema;
    this.#variables = variables;
  }

  /** What both fields have above them is written once. */
  together(type: string, [step, ...below]: readonly Step[]): string | undefined {
    if (!step) return undefined;
    const { first, second } = step;
    if (below.length > 0 && first.parent === second.parent && first.field === second.field) {
      const inner = this.together(getNamedType(first.type).name, below);
      return inner && this.#within(type, first.parent, `${this.#call(first)} { ${inner} }`);
    }
    const parts = (['first', 'second'] as const).map((side) =>
      this.#apart(type, [step, ...below], side),
    );
    return parts.every((part) => part !== undefined) ? parts.join(' ') : undefined;
  }

  #apart(
    type: string,
    [step, ...below]: readonly Step[],
    side: 'first' | 'second',
  ): string | undefined {
    if (!step) return undefined;
    const ref = step[side];
    const called = step.first.field === step.second.field ? '' : `${alias}: `;
    const answer = getNamedType(ref.type);
    const inner = isLeafType(answer) ? '' : this.#apart(answer.name, below, side);
    if (inner === undefined && below.length > 0) return undefined;
    const selection = isLeafType(answer) ? '' : ` { ${inner ?? '__typename'} }`;
    return this.#within(type, ref.parent, `${called}${this.#call(ref)}${selection}`);
  }

  /** A field, with variables for what must be given. */
  #call({ parent, field }: FieldRef): string {
    const found = fieldsOf(this.#schema.getType(parent)).find(({ name }) => name === field);
    const args = found?.args ?? [];
    const given = args.filter(isRequiredArgument).map(({ name, type }) => {
      let variable = name;
      const taken = (): boolean => (this.#variables.get(variable) ?? String(type)) !== String(type);
      for (let count = 2; taken(); count += 1) variable = `${name}${count}`;
      this.#variables.set(variable, String(type));
      return `${name}: $${variable}`;
    });
    return given.length === 0 ? field : `${field}(${given.join(', ')})`;
  }

  /** The selection on another type of the group, behind as many fragments as it takes. */
  #within(from: string, to: string, selection: string): string | undefined {
    if (from === to) return selection;
    const path = this.#fragments(from, to);
    return path?.reduceRight((inner, name) => `... on ${name} { ${inner} }`, selection);
  }

  /** The types of fragments that lead from one type to another, each possible within the one before. */
  #fragments(from: string, to: string): readonly string[] | undefined {
    const ways = new Map<string, readonly string[]>([[from, []]]);
    for (const [name, way] of ways) {
      const type = this.#schema.getType(name);
      if (!isCompositeType(type)) continue;
      if (name === to) return way;
      for (const next of this.#overlapping(type, to)) {
        if (!ways.has(next)) ways.set(next, [...way, next]);
      }
    }
    return undefined;
  }

  /** The wanted one alone, where it is among them. */
  #overlapping(type: GraphQLCompositeType, to: string): readonly string[] {
    const wanted = this.#schema.getType(to);
    if (isCompositeType(wanted) && doTypesOverlap(this.#schema, type, wanted)) return [to];
    return definedTypes(this.#schema)
      .filter(isCompositeType)
      .filter((other) => doTypesOverlap(this.#schema, type, other))
      .map(({ name }) => name);
  }
}
