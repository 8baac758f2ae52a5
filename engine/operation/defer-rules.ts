import {
  type DirectiveNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';

/** Labels are static and unique, so that a client can tell parts by them; in the words of graphql-js 17. */
const deferLabels: ValidationRule = (context) => {
  const known = new Map<string, DirectiveNode>();
  return {
    Directive(node) {
      if (node.name.value !== 'defer') return;
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
    },
  };
};

/** The root fields of a mutation run in sequence, and a subscription sends one response per event. */
const deferredRootFields: ValidationRule = (context) => ({
  Directive(node) {
    if (node.name.value !== 'defer') return;
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
  },
});

/** A subscription cannot be deferred: neither in its selections nor in the fragments it spreads. */
const noDeferredSubscriptions: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
    const sources = [operation, ...context.getRecursivelyReferencedFragments(operation)];
    for (const source of sources) {
      visit(source, {
        Directive: (node) => {
          if (node.name.value !== 'defer' || isNever(node)) return;
          report(
            context,
            'Defer directive not supported on subscription operations. Disable `@defer` by setting the `if` argument to `false`.',
            [node],
          );
        },
      });
    }
  },
});

/** The rules for `@defer`, which graphql-js 16 does not have. */
export const deferRules: readonly ValidationRule[] = [
  deferLabels,
  deferredRootFields,
  noDeferredSubscriptions,
];

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
