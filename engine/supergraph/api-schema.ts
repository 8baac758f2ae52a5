import {
  type ConstDirectiveNode,
  type DefinitionNode,
  DirectiveLocation,
  type DocumentNode,
  type FieldDefinitionNode,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLNonNull,
  GraphQLSchema,
  GraphQLString,
  isTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  specifiedDirectives,
  type TypeDefinitionNode,
} from 'graphql';
// Used by `buildASTSchema` of graphql-js; building one type at a time takes no longer.
import { extendSchemaImpl } from 'graphql/utilities/extendSchema.js';
import type { Sliced } from '../../common/slices.ts';
import { directiveName, type Feature, featureElements } from './features.ts';

/** The directives that clients may see. */
const publicDirectives: ReadonlySet<string> = new Set(['deprecated', 'specifiedBy', 'oneOf']);

/**
 * Builds the schema for clients: the supergraph without the elements of Federation and other specifications, and
 * without `@inaccessible` elements, and with `@defer`. The document must be a composed supergraph.
 */
export function* buildApiSchema(
  document: DocumentNode,
  features: readonly Feature[],
): Sliced<GraphQLSchema> {
  const elements = featureElements(features);
  const inaccessible = features.find(({ name }) => name === 'inaccessible');
  const hiding = inaccessible && directiveName(inaccessible, 'inaccessible');
  const isHidden = ({ directives }: WithDirectives): boolean =>
    hiding !== undefined && directives?.some(({ name }) => name.value === hiding) === true;

  const hiddenTypes = new Set<string>();
  for (const definition of document.definitions) {
    if (isTypeDefinitionNode(definition) && isHidden(definition))
      hiddenTypes.add(definition.name.value);
  }
  const isVisibleType = ({ name }: NamedTypeNode): boolean => !hiddenTypes.has(name.value);

  const definitions: DefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.SCHEMA_DEFINITION) {
      definitions.push({ ...definition, directives: [] });
    } else if (definition.kind === Kind.DIRECTIVE_DEFINITION) {
      if (!elements.isDirective(definition.name.value)) definitions.push(definition);
    } else if (
      isTypeDefinitionNode(definition) &&
      !isHidden(definition) &&
      !elements.isType(definition.name.value)
    ) {
      definitions.push(visiblePart(definition));
    }
    yield;
  }
  return yield* buildSchema(definitions);

  function visiblePart(given: TypeDefinitionNode): TypeDefinitionNode {
    const definition = withPublicDirectives(given);
    switch (definition.kind) {
      case Kind.SCALAR_TYPE_DEFINITION:
        return definition;
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        return {
          ...definition,
          interfaces: definition.interfaces?.filter(isVisibleType),
          fields: visible(definition.fields)?.map(visibleField),
        };
      case Kind.UNION_TYPE_DEFINITION:
        return { ...definition, types: definition.types?.filter(isVisibleType) };
      case Kind.ENUM_TYPE_DEFINITION:
        return { ...definition, values: visible(definition.values) };
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        return { ...definition, fields: visible(definition.fields) };
    }
  }

  function visibleField(field: FieldDefinitionNode): FieldDefinitionNode {
    return field.arguments?.length ? { ...field, arguments: visible(field.arguments) } : field;
  }

  function visible<T extends WithDirectives>(elements: readonly T[] | undefined): T[] | undefined {
    return elements?.filter((element) => !isHidden(element)).map(withPublicDirectives);
  }
}

/** Works like `buildASTSchema`; graphql-js builds the fields of a type when they are first read. */
function* buildSchema(definitions: readonly DefinitionNode[]): Sliced<GraphQLSchema> {
  const config = extendSchemaImpl(
    { ...emptySchema, types: [], directives: [], extensionASTNodes: [] },
    { kind: Kind.DOCUMENT, definitions },
    { assumeValidSDL: true },
  );
  yield;
  for (const type of config.types) {
    if ('getFields' in type) type.getFields();
    if ('getTypes' in type) type.getTypes();
    if ('getInterfaces' in type) type.getInterfaces();
    yield;
  }
  const given = config.directives.filter(({ name }) => name !== deferDirective.name);
  const names = new Set(given.map(({ name }) => name));
  const directives = [
    ...given,
    ...specifiedDirectives.filter(({ name }) => !names.has(name)),
    deferDirective,
  ];
  return new GraphQLSchema({ ...config, directives });
}

/** As in Apollo's API schema. Replaces a definition of subgraphs, which are never asked to defer. */
const deferDirective = new GraphQLDirective({
  name: 'defer',
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: {
    label: { type: GraphQLString },
    if: { type: new GraphQLNonNull(GraphQLBoolean), defaultValue: true },
  },
});

const emptySchema = { description: undefined, extensions: {}, assumeValid: false } as const;

interface WithDirectives {
  readonly directives?: readonly ConstDirectiveNode[];
}

/** Returns the element itself when nothing is removed: a large supergraph has many of them. */
function withPublicDirectives<T extends WithDirectives>(element: T): T {
  const { directives = [] } = element;
  const shown = directives.filter(({ name }) => publicDirectives.has(name.value));
  return shown.length === directives.length ? element : { ...element, directives: shown };
}
