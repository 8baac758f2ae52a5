import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  GraphQLSchema,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  specifiedDirectives,
  type TypeDefinitionNode,
} from 'graphql';
// What `buildASTSchema` of graphql-js is made of; a type at a time takes no longer.
import { extendSchemaImpl } from 'graphql/utilities/extendSchema.js';
import type { Sliced } from '../../common/slices.ts';
import { directiveName, type Feature, featureElements } from './features.ts';

/** What remains of an element's directives for clients to see. */
const publicDirectives: ReadonlySet<string> = new Set(['deprecated', 'specifiedBy', 'oneOf']);

/**
 * The schema clients see: the supergraph without what Federation and other specifications add to it, and without
 * everything `@inaccessible`. The document must be a supergraph that composition has made.
 */
export function* buildingApiSchema(
  document: DocumentNode,
  features: readonly Feature[],
): Sliced<GraphQLSchema> {
  const elements = featureElements(features);
  const inaccessible = features.find(({ name }) => name === 'inaccessible');
  const hiding = inaccessible && directiveName(inaccessible, 'inaccessible');
  const isHidden = ({
    directives,
  }: {
    readonly directives?: readonly ConstDirectiveNode[];
  }): boolean =>
    hiding !== undefined && directives?.some(({ name }) => name.value === hiding) === true;

  const hiddenTypes = new Set<string>();
  for (const definition of document.definitions) {
    if (isTypeDefinitionNode(definition) && isHidden(definition))
      hiddenTypes.add(definition.name.value);
  }
  const isVisibleType = ({ name }: NamedTypeNode): boolean => !hiddenTypes.has(name.value);
  const isVisible = (element: Parameters<typeof isHidden>[0]): boolean => !isHidden(element);

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
  return yield* building(definitions);

  function visiblePart(definition: TypeDefinitionNode): TypeDefinitionNode {
    const directives = publicOnly(definition.directives);
    switch (definition.kind) {
      case Kind.SCALAR_TYPE_DEFINITION:
        return { ...definition, directives };
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        return {
          ...definition,
          directives,
          interfaces: definition.interfaces?.filter(isVisibleType),
          fields: definition.fields?.filter(isVisible).map(visibleField),
        };
      case Kind.UNION_TYPE_DEFINITION:
        return { ...definition, directives, types: definition.types?.filter(isVisibleType) };
      case Kind.ENUM_TYPE_DEFINITION:
        return { ...definition, directives, values: visibleValues(definition) };
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        return { ...definition, directives, fields: visibleInputs(definition.fields) };
    }
  }

  function visibleField(field: FieldDefinitionNode): FieldDefinitionNode {
    return {
      ...field,
      directives: publicOnly(field.directives),
      arguments: visibleInputs(field.arguments),
    };
  }

  function visibleValues({
    values,
  }: EnumTypeDefinitionNode): EnumValueDefinitionNode[] | undefined {
    return values?.filter(isVisible).map((value) => ({
      ...value,
      directives: publicOnly(value.directives),
    }));
  }

  function visibleInputs(
    inputs: readonly InputValueDefinitionNode[] | undefined,
  ): InputValueDefinitionNode[] | undefined {
    return inputs?.filter(isVisible).map((input) => ({
      ...input,
      directives: publicOnly(input.directives),
    }));
  }
}

/** As `buildASTSchema` does; the fields of a type are built when they are first asked for. */
function* building(definitions: readonly DefinitionNode[]): Sliced<GraphQLSchema> {
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
  const given = new Set(config.directives.map(({ name }) => name));
  const directives = [
    ...config.directives,
    ...specifiedDirectives.filter(({ name }) => !given.has(name)),
  ];
  return new GraphQLSchema({ ...config, directives });
}

const emptySchema = { description: undefined, extensions: {}, assumeValid: false } as const;

function publicOnly(directives: readonly ConstDirectiveNode[] | undefined): ConstDirectiveNode[] {
  return (directives ?? []).filter(({ name }) => publicDirectives.has(name.value));
}
