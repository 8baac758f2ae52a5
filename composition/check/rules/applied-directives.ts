import {
  type ConstDirectiveNode,
  isTypeDefinitionNode,
  print,
  type TypeDefinitionNode,
} from 'graphql';
import { ownDirectiveName } from '../../../engine/supergraph/features.ts';
import type { Supergraph } from '../../../engine/supergraph/supergraph.ts';
import type { Change } from '../change.ts';
import type { Rule } from '../comparison.ts';

/**
 * Directives that the supergraph keeps for gateways and contracts. Other rules handle those of joins, access
 * and the API schema.
 */
export const appliedDirectives: Rule = ({ base, head }) => {
  const [before, after] = [appliedIn(base.supergraph), appliedIn(head.supergraph)];
  return [...before].flatMap(([coordinate, old]): readonly Change[] => {
    const next = after.get(coordinate);
    if (next === undefined || old === next) return [];
    return [
      {
        code: 'APPLIED_DIRECTIVE_CHANGED',
        message: `${coordinate} has ${next || 'no directives'} in the supergraph; it had ${old || 'none'}.`,
        coordinate,
        in: 'head',
      },
    ];
  });
};

/** The directives of each coordinate as one text; empty when there are none. */
function appliedIn({ document, features }: Supergraph): ReadonlyMap<string, string> {
  const others = ['authenticated', 'requiresScopes', 'policy', 'inaccessible'].map((name) =>
    ownDirectiveName(features, name),
  );
  const passedOver = new Set([...others, 'deprecated', 'specifiedBy', 'oneOf']);
  const textOf = ({ directives = [] }: WithDirectives): string =>
    directives
      .filter(({ name: { value } }) => !passedOver.has(value) && !value.startsWith('join__'))
      .map(print)
      .sort()
      .join(' ');
  const applied = new Map<string, string>();
  for (const definition of document.definitions) {
    if (!isTypeDefinitionNode(definition)) continue;
    const type = definition.name.value;
    applied.set(type, textOf(definition));
    for (const member of membersOf(definition)) {
      const coordinate = `${type}.${member.name.value}`;
      applied.set(coordinate, textOf(member));
      for (const argument of member.arguments ?? [])
        applied.set(`${coordinate}(${argument.name.value}:)`, textOf(argument));
    }
  }
  return applied;
}

interface WithDirectives {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

interface MemberNode extends WithDirectives {
  readonly name: { readonly value: string };
  readonly arguments?: readonly MemberNode[] | undefined;
}

function membersOf(definition: TypeDefinitionNode): readonly MemberNode[] {
  if ('fields' in definition) return definition.fields ?? [];
  return 'values' in definition ? (definition.values ?? []) : [];
}
