import {
  type ASTNode,
  type DirectiveNode,
  type FieldNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  OperationTypeNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { GeneratedOperation } from './operation-generator.ts';
import { createRandom, type Random } from './random.ts';

/**
 * The operation with `@defer` on some of its fragments, and on new ones around some of its fields, each under a label of
 * its own: the same seed, the same places. Some have an `if`, literal or a variable.
 */
export function withDefers(
  { text, variables }: GeneratedOperation,
  seed: number,
  schema: GraphQLSchema,
): GeneratedOperation {
  const random = createRandom(seed);
  const values: Record<string, unknown> = { ...variables };
  const used = new Set<string>();
  const mutationType = schema.getMutationType()?.name;
  let count = 0;
  const defer = (): DirectiveNode => {
    count += 1;
    const draw = random.next();
    const variable = random.pick(conditionNames);
    if (draw < 0.12) {
      used.add(variable);
      values[variable] = random.chance(0.5);
    }
    const condition = draw < 0.12 ? `, if: $${variable}` : draw < 0.24 ? ', if: true' : '';
    return directive(`@defer(label: "d${count}"${draw > 0.93 ? ', if: false' : condition})`);
  };
  const deferring = (set: SelectionSetNode): SelectionSetNode => {
    const marked = set.selections.map((selection): SelectionNode =>
      selection.kind !== Kind.FIELD && random.chance(0.4)
        ? { ...selection, directives: [...(selection.directives ?? []), defer()] }
        : selection,
    );
    return { ...set, selections: random.chance(0.35) ? around(marked, random, defer) : marked };
  };
  const isOfMutation = (around: readonly ASTNode[]): boolean =>
    around.some(
      (node) =>
        (node.kind === Kind.OPERATION_DEFINITION &&
          node.operation === OperationTypeNode.MUTATION) ||
        (node.kind === Kind.FRAGMENT_DEFINITION && node.typeCondition.name.value === mutationType),
    );
  const document = visit(parse(text, { noLocation: true }), {
    SelectionSet: {
      leave: (set, _key, _parent, _path, ancestors) =>
        ancestors.flat().some((node) => node.kind === Kind.FIELD) || !isOfMutation(ancestors.flat())
          ? deferring(set)
          : set,
    },
    OperationDefinition: {
      leave: (operation) => ({
        ...operation,
        variableDefinitions: [
          ...(operation.variableDefinitions ?? []),
          ...[...used].map(definition),
        ],
      }),
    },
  });
  return { text: print(document), variables: values };
}

const conditionNames = ['deferOne', 'deferTwo'] as const;

/** The selections with some fields next to each other in a deferred fragment. */
function around(
  selections: readonly SelectionNode[],
  random: Random,
  defer: () => DirectiveNode,
): readonly SelectionNode[] {
  const from = random.below(selections.length);
  const until = from + 1 + random.below(selections.length - from);
  const inside = selections.slice(from, until);
  const fragment: InlineFragmentNode = {
    kind: Kind.INLINE_FRAGMENT,
    directives: [defer()],
    selectionSet: { kind: Kind.SELECTION_SET, selections: inside },
  };
  // What is selected twice, in the part around and in the deferred one, is in both.
  const twice = random.chance(0.3) ? inside.filter(isField) : [];
  return [...selections.slice(0, from), fragment, ...twice, ...selections.slice(until)];
}

function isField(selection: SelectionNode): selection is FieldNode {
  return selection.kind === Kind.FIELD;
}

function directive(text: string): DirectiveNode {
  const [operation] = parse(`query ${text} { a }`, { noLocation: true }).definitions;
  const [found] = operation?.kind === Kind.OPERATION_DEFINITION ? (operation.directives ?? []) : [];
  if (!found) throw new Error(`Expected a directive; got ${text}.`);
  return found;
}

function definition(name: string): VariableDefinitionNode {
  const [operation] = parse(`query ($${name}: Boolean!) { a }`, { noLocation: true }).definitions;
  const [found] =
    operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
  if (!found) throw new Error(`Expected a variable; got ${name}.`);
  return found;
}
