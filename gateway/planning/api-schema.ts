import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type TypeDefinitionNode,
} from 'graphql';
import { directiveName, type Feature, featureElements } from './features.ts';

/** What remains of an element's directives for clients to see. */
const publicDirectives: ReadonlySet<string> = new Set(['deprecated', 'specifiedBy', 'oneOf']);

/**
 * The schema clients see: the supergraph without what Federation and other specifications add to it, and without
 * everything `@inaccessible`. The document must be a supergraph that composition has made.
 */
export function buildApiSchema(
  document: DocumentNode,
  features: readonly Feature[],
): GraphQLSchema {
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

  const definitions = document.definitions.flatMap((definition): DefinitionNode[] => {
    switch (definition.kind) {
      case Kind.SCHEMA_DEFINITION:
        return [{ ...definition, directives: [] }];
      case Kind.DIRECTIVE_DEFINITION:
        return elements.isDirective(definition.name.value) ? [] : [definition];
      default:
        if (!isTypeDefinitionNode(definition) || isHidden(definition)) return [];
        return elements.isType(definition.name.value) ? [] : [visiblePart(definition)];
    }
  });
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValidSDL: true });

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

function publicOnly(directives: readonly ConstDirectiveNode[] | undefined): ConstDirectiveNode[] {
  return (directives ?? []).filter(({ name }) => publicDirectives.has(name.value));
}
