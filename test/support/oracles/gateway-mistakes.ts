import { isDeepStrictEqual } from 'node:util';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  visit,
} from 'graphql';
import { conditionValues } from '../../../engine/execution/variables.ts';
import { conditionVariables } from '../../../engine/planning/conditions.ts';
import { differenceOf } from './compare.ts';
import { hasSeveralMutations } from './judge.ts';
import type { GeneratedOperation } from './operation-generator.ts';
import type { Answer, ExpectedAnswer, Oracle } from './oracle.ts';
import { hashOf } from './random.ts';
import type { WorldOptions } from './world.ts';

/**
 * The mistakes of ApolloGateway 2.14 that are known; test/federation/apollo-gateway-mistakes.test.ts has an example of
 * each but the last, which was met twice in thousands of operations, and what the specification says of it.
 */
export type GatewayMistake =
  | 'the order of fields'
  | 'the position of errors'
  | "names of the client's that the planner uses"
  | 'fragments of objects whose type is not asked for'
  | 'conditions on variables'
  | 'one field required with different arguments'
  | 'one response key for fields that types tell apart'
  | 'mutations that overlap'
  | 'an interface object under a type condition'
  | 'fields that are renamed because their types do not agree';

/**
 * Says which mistake explains an answer of ApolloGateway that differs from the expected one; `undefined` when none of
 * them does. A mistake explains it when the operation written without its cause is answered right.
 */
export async function mistakeIn(
  actual: Answer,
  expected: ExpectedAnswer,
  operation: GeneratedOperation,
  world: WorldOptions,
  oracle: Oracle,
): Promise<GatewayMistake | undefined> {
  if (actual.data === expected.data) return 'the position of errors';
  if (areDataAlike(actual, expected)) return 'the order of fields';
  if (actual.messages.some((message) => message.startsWith('We should have an edge from')))
    return 'an interface object under a type condition';
  let changed = operation;
  for (const [mistake, withoutCause] of causes) {
    const without = { ...changed, ...withoutCause(changed) };
    if (without.text === changed.text) continue;
    changed = without;
    const answer = await askGateway(oracle, changed, world);
    if (areDataAlike(answer, oracle.expect(changed, world))) return mistake;
  }
  if (hasSeveralMutations(operation)) return 'mutations that overlap';
  if (oracle.hasMixedRequirements(operation)) return 'one field required with different arguments';
  if (oracle.narrowsInterfaceObject(operation)) return 'an interface object under a type condition';
  return oracle.renamesFields(operation)
    ? 'fields that are renamed because their types do not agree'
    : undefined;
}

/** What ApolloGateway answers; what it throws counts as an answer without data. */
export async function askGateway(
  oracle: Oracle,
  operation: GeneratedOperation,
  world: WorldOptions,
): Promise<Answer> {
  try {
    return await oracle.askApolloGateway(operation, world);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { data: 'null', errorPaths: [undefined], messages: [message] };
  }
}

/** True when the specification allows for the answer, to the letter. */
export function isRight(actual: Answer, expected: ExpectedAnswer): boolean {
  return differenceOf(expected, actual) === undefined;
}

/** Each way to write an operation without what leads to a mistake comes on top of those before it. */
const causes: readonly (readonly [
  GatewayMistake,
  (operation: GeneratedOperation) => Partial<GeneratedOperation>,
])[] = [
  ["names of the client's that the planner uses", withOwnNames],
  ['fragments of objects whose type is not asked for', withTypenames],
  ['conditions on variables', withoutConditions],
  ['one response key for fields that types tell apart', withKeysApart],
];

function areDataAlike(actual: Answer, expected: Answer): boolean {
  return isDeepStrictEqual(readData(actual), readData(expected));
}

function readData({ data }: Answer): unknown {
  return JSON.parse(data);
}

/** Every response key and every variable under a unique name. */
function withOwnNames({ text, variables }: GeneratedOperation): Partial<GeneratedOperation> {
  const own = ({ value }: NameNode): NameNode => ({ kind: Kind.NAME, value: `own_${value}` });
  const document = visit(parse(text), {
    Field: (field) => ({ ...field, alias: own(field.alias ?? field.name) }),
    Variable: (variable) => ({ ...variable, name: own(variable.name) }),
  });
  return {
    text: print(document),
    variables: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [`own_${name}`, value]),
    ),
  };
}

/** Every response key with the field and the arguments in it. */
function withKeysApart({ text }: GeneratedOperation): Partial<GeneratedOperation> {
  const document = visit(parse(text), {
    Field: (field) => {
      const key = (field.alias ?? field.name).value;
      const variant = hashOf(
        print({ ...field, alias: undefined, selectionSet: undefined, directives: [] }),
      );
      return { ...field, alias: { kind: Kind.NAME, value: `${key}_${variant}` } };
    },
  });
  return { text: print(document) };
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function withTypenames({ text }: GeneratedOperation): Partial<GeneratedOperation> {
  const document = visit(parse(text), {
    SelectionSet: (set) => ({ ...set, selections: [typename, ...set.selections] }),
  });
  return { text: print(document) };
}

function withoutConditions({ text, variables }: GeneratedOperation): Partial<GeneratedOperation> {
  const document = parse(text);
  const values = valuesOfConditions(document, variables);
  const decide = <T extends SelectionNode>(node: T): T | null => {
    const isKept = (node.directives ?? []).every(({ name, arguments: args }) => {
      const value = args?.[0]?.value;
      const isTrue =
        value?.kind === Kind.VARIABLE
          ? values.get(value.name.value)
          : value?.kind === Kind.BOOLEAN && value.value;
      return isTrue === (name.value === 'include');
    });
    return isKept ? { ...node, directives: [] } : null;
  };
  const decided = visit(document, {
    Field: decide,
    InlineFragment: decide,
    FragmentSpread: decide,
  });
  return { text: print(decided) };
}

function valuesOfConditions(
  { definitions }: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, boolean> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operation = definition;
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  if (!operation) return new Map();
  const names = conditionVariables({ operation, fragments });
  return conditionValues(operation.variableDefinitions ?? [], names, variables);
}
