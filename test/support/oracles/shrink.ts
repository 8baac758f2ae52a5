import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  validate,
  visit,
} from 'graphql';
import type { GeneratedOperation } from './operation-generator.ts';

/** How many candidates are tried before an operation counts as small enough. */
const triesMax = 600;

/** Leaves out selections, directives, arguments and variables for as long as the smaller operation still fails. */
export async function shrink(
  schema: GraphQLSchema,
  operation: GeneratedOperation,
  fails: (smaller: GeneratedOperation) => Promise<boolean>,
): Promise<GeneratedOperation> {
  let smallest = operation;
  let tries = 0;
  for (let at = 0; tries < triesMax;) {
    const document = parse(smallest.text, { noLocation: true });
    const candidate = without(document, at);
    if (!candidate) break;
    const text = print(withoutUnused(candidate));
    const smaller = { text, variables: smallest.variables };
    tries += 1;
    if (isValid(schema, text) && (await fails(smaller))) smallest = smaller;
    else at += 1;
  }
  return { ...smallest, variables: usedVariables(smallest) };
}

const removable: ReadonlySet<string> = new Set<string>([
  Kind.FIELD,
  Kind.INLINE_FRAGMENT,
  Kind.FRAGMENT_SPREAD,
  Kind.DIRECTIVE,
  Kind.ARGUMENT,
]);

/** The document without its removable node of that index; `undefined` when there is none. */
function without(document: DocumentNode, index: number): DocumentNode | undefined {
  let seen = -1;
  const smaller = visit(document, {
    enter: (node: ASTNode) => {
      if (!removable.has(node.kind)) return undefined;
      seen += 1;
      return seen === index ? null : undefined;
    },
  });
  return seen >= index ? smaller : undefined;
}

function withoutUnused(document: DocumentNode): DocumentNode {
  const text = JSON.stringify(document, (key, value: unknown) =>
    key === 'variableDefinitions' ? undefined : value,
  );
  const isUsed = (kind: string, name: string): boolean =>
    text.includes(`{"kind":"${kind}","name":{"kind":"Name","value":${JSON.stringify(name)}}`);
  return visit(document, {
    VariableDefinition: ({ variable }) =>
      isUsed(Kind.VARIABLE, variable.name.value) ? undefined : null,
    FragmentDefinition: ({ name }) => (isUsed(Kind.FRAGMENT_SPREAD, name.value) ? undefined : null),
  });
}

function isValid(schema: GraphQLSchema, text: string): boolean {
  try {
    return validate(schema, parse(text)).length === 0;
  } catch {
    return false;
  }
}

function usedVariables({ text, variables }: GeneratedOperation): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => text.includes(`$${name}`)),
  );
}
