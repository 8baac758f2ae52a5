import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  OperationTypeNode,
} from 'graphql';
import { readChannelTemplate } from '../common/channel-template.ts';
import { messageOf } from '../common/errors.ts';
import { eventDirectiveIdentity } from '../common/event-directive.ts';
import { isComposed, linkedDirective, valueOf } from './linked-directive.ts';
import { placesOf } from './locate.ts';
import type { CompositionProblem } from './problem.ts';

/**
 * A problem for each use of `@event` (docs/streams.md) that a gateway could not serve, or that composition would lose.
 */
export function eventProblems(document: DocumentNode): readonly CompositionProblem[] {
  const directive = linkedDirective(document, eventDirectiveIdentity, 'event');
  if (directive === undefined) return [];
  const objects = document.definitions.filter(isObject);
  const root = rootName(document);
  const uses = objects.flatMap(({ name, fields = [] }) =>
    fields.flatMap((field) =>
      (field.directives ?? [])
        .filter((each) => each.name.value === directive)
        .map((use) => ({ type: name.value, field, use })),
    ),
  );
  const [first] = uses;
  const lost =
    first && !isComposed(document, directive)
      ? [
          problemAt(
            first.use,
            `The subgraph uses @${directive} and does not compose it: the supergraph would not have it.`,
            `Add @composeDirective(name: "@${directive}") to the schema, and import it from federation v2.1 or later.`,
          ),
        ]
      : [];
  return [
    ...lost,
    ...uses.flatMap(({ type, field, use }) => {
      const found = type === root ? mistakeIn(field, use, document) : notASubscription;
      if (!found) return [];
      const [what, fix] = found;
      return [problemAt(use, `The @${directive} of "${type}.${field.name.value}" ${what}.`, fix)];
    }),
  ];
}

/** What is wrong, as the end of a sentence, and the fix. */
type Mistake = readonly [what: string, fix: string];

const notASubscription: Mistake = [
  'is not on a field of the Subscription type',
  'Move the directive to a subscription, or remove it.',
];

function mistakeIn(
  field: FieldDefinitionNode,
  use: ConstDirectiveNode,
  document: DocumentNode,
): Mistake | undefined {
  const isList = (text: string): boolean => text.startsWith('[');
  if (isList(typeText(field))) {
    return ['is on a list, but an event is one object', 'Give the field the type of the object.'];
  }
  return mistakeOfChannel(field, use, document) ?? mistakeOfType(field, use, document);
}

function mistakeOfChannel(
  { arguments: given = [] }: FieldDefinitionNode,
  use: ConstDirectiveNode,
  { definitions }: DocumentNode,
): Mistake | undefined {
  const value = valueOf(use, 'channel');
  if (value?.kind !== Kind.STRING) return ['has no channel', 'Add channel: "…".'];
  let names: readonly string[];
  try {
    ({ names } = readChannelTemplate(value.value));
  } catch (error) {
    return [
      `has a channel that ${messageOf(error)}`,
      'Write a name such as "order.{args.id}", without wildcards.',
    ];
  }
  for (const name of names) {
    const argument = given.find((each) => each.name.value === name);
    if (!argument) {
      const known = given.map((each) => each.name.value).join(', ');
      return [
        `names the argument "${name}", which the field does not have`,
        known === '' ? `Add the argument "${name}".` : `Name one of its arguments: ${known}.`,
      ];
    }
    const { type } = argument;
    const isNullable = type.kind !== Kind.NON_NULL_TYPE && !argument.defaultValue;
    if (isNullable) {
      return [
        `names the argument "${name}", which may be null`,
        'Make the argument non-null, or give it a default.',
      ];
    }
    const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
    const isInput = definitions.some(
      (each) =>
        each.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION &&
        named.kind === Kind.NAMED_TYPE &&
        each.name.value === named.name.value,
    );
    if (named.kind === Kind.LIST_TYPE || isInput) {
      return [
        `names the argument "${name}", which is not a single value`,
        'Name an argument of a scalar or an enum.',
      ];
    }
  }
  return undefined;
}

function mistakeOfType(
  field: FieldDefinitionNode,
  use: ConstDirectiveNode,
  document: DocumentNode,
): Mistake | undefined {
  const name = typeText(field).replaceAll(/[[\]!]/g, '');
  const isTrue = (argument: string): boolean => {
    const value = valueOf(use, argument);
    return value?.kind === Kind.BOOLEAN && value.value;
  };
  const withoutKey = possibleTypes(name, document).find(
    (each) => keysOf(each, document).length === 0,
  );
  if (withoutKey !== undefined && !isTrue('public')) {
    return [
      `is on the type "${withoutKey}", which has no @key: no subgraph can be asked whether a viewer may see it`,
      `Add a @key to "${withoutKey}"; or, if everybody may see its events, public: true.`,
    ];
  }
  if (!isTrue('initial')) return undefined;
  const known = new Set((field.arguments ?? []).map((each) => each.name.value));
  const isAsked = keysOf(name, document).some((key) =>
    key
      .trim()
      .split(/[\s,]+/)
      .every((each) => known.has(each)),
  );
  if (isAsked) return undefined;
  return [
    `has initial: true, but the arguments of the field are not a key of "${name}"`,
    `Give the field an argument for each field of a @key of "${name}", by the same name; or remove initial.`,
  ];
}

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

function isObject(definition: { readonly kind: Kind }): definition is ObjectNode {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.OBJECT_TYPE_EXTENSION
  );
}

/** The object types that a type stands for. */
function possibleTypes(name: string, { definitions }: DocumentNode): readonly string[] {
  const members = definitions.flatMap((each) => {
    const isUnion =
      each.kind === Kind.UNION_TYPE_DEFINITION || each.kind === Kind.UNION_TYPE_EXTENSION;
    return isUnion && each.name.value === name
      ? (each.types ?? []).map((type) => type.name.value)
      : [];
  });
  const implementing = definitions
    .filter(isObject)
    .filter(({ interfaces = [] }) => interfaces.some((each) => each.name.value === name))
    .map((each) => each.name.value);
  const found = [...members, ...implementing];
  return found.length > 0 ? found : [name];
}

function keysOf(type: string, { definitions }: DocumentNode): readonly string[] {
  return definitions
    .filter(isObject)
    .filter(({ name }) => name.value === type)
    .flatMap(({ directives = [] }) => directives)
    .filter(({ name }) => name.value === 'key' || name.value === 'federation__key')
    .flatMap((key) => {
      const fields = valueOf(key, 'fields');
      return fields?.kind === Kind.STRING ? [fields.value] : [];
    });
}

function rootName({ definitions }: DocumentNode): string {
  for (const each of definitions) {
    if (each.kind !== Kind.SCHEMA_DEFINITION && each.kind !== Kind.SCHEMA_EXTENSION) continue;
    const root = each.operationTypes?.find(
      ({ operation }) => operation === OperationTypeNode.SUBSCRIPTION,
    );
    if (root) return root.type.name.value;
  }
  return 'Subscription';
}

function typeText({ type }: FieldDefinitionNode): string {
  let [text, inner] = ['', type];
  while (inner.kind !== Kind.NAMED_TYPE) {
    if (inner.kind === Kind.LIST_TYPE) text += '[';
    inner = inner.type;
  }
  return text + inner.name.value;
}

function problemAt(node: ConstDirectiveNode, message: string, fix: string): CompositionProblem {
  return { code: 'EVENT_INVALID', message, places: placesOf([node]), fix };
}
