import {
  type ASTVisitor,
  type DirectiveNode,
  type FragmentSpreadNode,
  GraphQLError,
  type InlineFragmentNode,
  Kind,
  OperationTypeNode,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';

/** Labels are static and unique, so that a client can tell parts by them; in the words of graphql-js 17. */
const deferLabels: ValidationRule = (context) => {
  const known = new Map<string, DirectiveNode>();
  return onEachDefer((node) => {
    const label = node.arguments?.find(({ name }) => name.value === 'label')?.value;
    if (!label || label.kind === Kind.NULL) return;
    if (label.kind !== Kind.STRING) {
      report(context, 'Argument "@defer(label:)" must be a static string.', [node]);
      return;
    }
    const other = known.get(label.value);
    if (!other) known.set(label.value, node);
    else
      report(
        context,
        'Value for arguments "defer(label:)" and "stream(label:)" must be unique across all Defer/Stream directive usages.',
        [other, node],
      );
  });
};

/** The root fields of a mutation run in sequence, and a subscription sends one response per event. */
const deferredRootFields: ValidationRule = (context) =>
  onEachDefer((node) => {
    const parent = context.getParentType();
    const schema = context.getSchema();
    for (const [type, kind] of [
      [schema.getMutationType(), 'mutation'],
      [schema.getSubscriptionType(), 'subscription'],
    ] as const) {
      if (!parent || parent !== type) continue;
      report(context, `Defer directive cannot be used on root ${kind} type "${parent.name}".`, [
        node,
      ]);
    }
  });

/** A subscription cannot be deferred: neither in its selections nor in the fragments it spreads. */
const noDeferredSubscriptions: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
    const sources = [operation, ...context.getRecursivelyReferencedFragments(operation)];
    for (const source of sources) {
      visit(
        source,
        onEachDefer((node) => {
          if (isNever(node)) return;
          report(
            context,
            'Defer directive not supported on subscription operations. Disable `@defer` by setting the `if` argument to `false`.',
            [node],
          );
        }),
      );
    }
  },
});

/** The rules for `@defer`, which graphql-js 16 does not have. */
export const deferRules: readonly ValidationRule[] = [
  deferLabels,
  deferredRootFields,
  noDeferredSubscriptions,
];

/** Visits `@defer` on fragments. Anywhere else it is refused by graphql-js itself (§5.7.2), and is reported only once. */
function onEachDefer(check: (node: DirectiveNode) => void): ASTVisitor {
  const look = ({ directives = [] }: FragmentSpreadNode | InlineFragmentNode): void => {
    for (const each of directives) if (each.name.value === 'defer') check(each);
  };
  return { FragmentSpread: look, InlineFragment: look };
}

function isNever({ arguments: given }: DirectiveNode): boolean {
  const condition = given?.find(({ name }) => name.value === 'if')?.value;
  return condition?.kind === Kind.BOOLEAN && !condition.value;
}

function report(
  context: ValidationContext,
  message: string,
  nodes: readonly DirectiveNode[],
): void {
  context.reportError(new GraphQLError(message, { nodes }));
}
