import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  Kind,
  valueFromASTUntyped,
} from 'graphql';

/** The size of a field's list (IBM's cost specification, `@listSize`). */
export interface ListSize {
  readonly assumedSize: number | undefined;
  /** Arguments that set the size: names, or paths into an input object such as `input.page.first`. */
  readonly slicingArguments: readonly string[];
  /** The subfields that have the size, if it is not the field itself. */
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
}

/** The `@cost` and `@listSize` directives of a schema. */
export interface CostDirectives {
  /** Weights of types, keyed by name. */
  readonly types: ReadonlyMap<string, number>;
  /** Weights of fields and input fields, keyed by `Type.field`, and of arguments, keyed by `Type.field.argument`. */
  readonly elements: ReadonlyMap<string, number>;
  /** Keyed by `Type.field`. */
  readonly listSizes: ReadonlyMap<string, ListSize>;
}

/** The directives' names in a document; `undefined` for one that the document does not have. */
export interface CostDirectiveNames {
  readonly cost: string | undefined;
  readonly listSize: string | undefined;
}

/** For a schema without cost directives. */
export const noCostDirectives: CostDirectives = {
  types: new Map(),
  elements: new Map(),
  listSizes: new Map(),
};

/** Reads both directives from a schema document, such as a supergraph. */
export function readCostDirectives(
  { definitions }: DocumentNode,
  names: CostDirectiveNames,
): CostDirectives {
  const types = new Map<string, number>();
  const elements = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const note = (weights: Map<string, number>, key: string, { directives }: Annotated): void => {
    const weight = Number(argumentsOf(directives, names.cost)?.get('weight'));
    if (Number.isFinite(weight)) weights.set(key, weight);
  };
  const noteInputs = (owner: string, inputs: readonly InputValueDefinitionNode[] = []): void => {
    for (const input of inputs) note(elements, `${owner}.${input.name.value}`, input);
  };
  for (const definition of definitions) {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        note(types, definition.name.value, definition);
        for (const field of definition.fields ?? []) {
          const key = `${definition.name.value}.${field.name.value}`;
          note(elements, key, field);
          noteInputs(key, field.arguments);
          const listSize = argumentsOf(field.directives, names.listSize);
          if (listSize) listSizes.set(key, readListSize(listSize));
        }
        break;
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        noteInputs(definition.name.value, definition.fields);
        break;
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_DEFINITION:
        note(types, definition.name.value, definition);
        break;
      default:
    }
  }
  return { types, elements, listSizes };
}

interface Annotated {
  readonly directives?: readonly ConstDirectiveNode[];
}

type Arguments = ReadonlyMap<string, unknown>;

function argumentsOf(
  directives: readonly ConstDirectiveNode[] = [],
  name: string | undefined,
): Arguments | undefined {
  const directive = directives.find((each) => each.name.value === name);
  return (
    directive &&
    new Map(
      directive.arguments?.map((argument) => [
        argument.name.value,
        valueFromASTUntyped(argument.value),
      ]),
    )
  );
}

function readListSize(directive: Arguments): ListSize {
  const assumedSize = directive.get('assumedSize');
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : undefined,
    slicingArguments: namesIn(directive.get('slicingArguments')),
    sizedFields: namesIn(directive.get('sizedFields')),
    requireOneSlicingArgument: directive.get('requireOneSlicingArgument') !== false,
  };
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
