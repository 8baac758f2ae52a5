import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  Kind,
} from 'graphql';
import { type Feature, ownDirectiveName } from '../supergraph/features.ts';
import {
  type Alternatives,
  type Clause,
  type Clauses,
  nothing,
  type Requirement,
} from './clause.ts';

/** Returns a reader for the requirement in the access directives of a supergraph element. */
export function createDirectiveReader(
  features: readonly Feature[],
  clauses: Clauses,
): (element: { readonly directives?: readonly ConstDirectiveNode[] }) => Requirement {
  const kinds = new Map<string, Clause['kind']>();
  for (const kind of ['authenticated', 'requiresScopes', 'policy'] as const) {
    const name = ownDirectiveName(features, kind);
    if (name !== undefined) kinds.set(name, kind);
    // Composition wraps a directive whose feature it does not know, under the subgraph's name for it.
    for (const wrapped of [kind, `federation__${kind}`])
      kinds.set(`join__directive ${wrapped}`, kind);
  }
  return ({ directives = [] }) => {
    const found = new Set<Clause>();
    for (const directive of directives) {
      const kind = kinds.get(keyOf(directive));
      const clause = kind && clauses.of(kind, alternativesOf(valuesOf(directive)));
      if (clause) found.add(clause);
    }
    return found.size === 0 ? nothing : [...found];
  };
}

function keyOf({ name: { value: name }, arguments: args = [] }: ConstDirectiveNode): string {
  if (name !== 'join__directive') return name;
  const wrapped = argument(args, 'name');
  return `${name} ${wrapped?.kind === Kind.STRING ? wrapped.value : ''}`;
}

function valuesOf({ name, arguments: args = [] }: ConstDirectiveNode): readonly ConstValueNode[] {
  if (name.value !== 'join__directive') return args.map(({ value }) => value);
  const given = argument(args, 'args');
  return given?.kind === Kind.OBJECT ? given.fields.map(({ value }) => value) : [];
}

function argument(args: readonly ConstArgumentNode[], name: string): ConstValueNode | undefined {
  return args.find((each) => each.name.value === name)?.value;
}

/**
 * Each directive has at most one argument, a list of lists; a single value counts as a list of one (GraphQL spec
 * §3.11).
 */
function alternativesOf([value]: readonly ConstValueNode[]): Alternatives {
  if (!value) return [];
  return itemsOf(value).map((group) => itemsOf(group).flatMap(textOf));
}

function itemsOf(value: ConstValueNode): readonly ConstValueNode[] {
  return value.kind === Kind.LIST ? value.values : [value];
}

function textOf(value: ConstValueNode): string[] {
  return value.kind === Kind.STRING ? [value.value] : [];
}
