import {
  type ASTNode,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  validate,
} from 'graphql';
import { placesOf } from '../locate.ts';
import type { CompositionProblem, SourcePlace } from '../problem.ts';
import type { KnownOperation } from './known-operation.ts';
import { usedCoordinates } from './used-coordinates.ts';

/** The coverage of one kind of schema element. */
export interface Coverage {
  readonly total: number;
  /** The unused coordinates, in schema order. */
  readonly unused: readonly string[];
}

/** The coverage of an API schema, by kind of element. */
export interface SchemaCoverage {
  readonly fields: Coverage;
  readonly arguments: Coverage;
  readonly inputFields: Coverage;
  readonly enumValues: Coverage;
}

/** Measures how much of an API schema is used by operations that are valid on it. */
export function coverageOf(
  schema: GraphQLSchema,
  operations: readonly KnownOperation[],
): SchemaCoverage {
  const used = new Set(
    operations.flatMap(({ document }) => [...usedCoordinates(schema, document)]),
  );
  const all = coordinatesOf(schema);
  const of = (coordinates: readonly string[]): Coverage => ({
    total: coordinates.length,
    unused: coordinates.filter((coordinate) => !used.has(coordinate)),
  });
  return {
    fields: of(all.fields),
    arguments: of(all.arguments),
    inputFields: of(all.inputFields),
    enumValues: of(all.enumValues),
  };
}

/** The problems of operations that are invalid on the schema. */
export function invalidOperations(
  schema: GraphQLSchema,
  operations: readonly KnownOperation[],
): readonly CompositionProblem[] {
  return operations.flatMap(({ name, document, place }) =>
    validate(schema, document).map(({ message, nodes }) => ({
      code: 'OPERATION_INVALID',
      message: `${name}: ${message}`,
      places: placesIn(nodes, place),
      fix: 'Correct the operation, or give back to the schema what it needs.',
    })),
  );
}

/** The place in the operation; in a manifest, the start of the operation. */
function placesIn(
  nodes: readonly ASTNode[] | undefined,
  place: SourcePlace | undefined,
): readonly SourcePlace[] {
  const places = placesOf(nodes);
  return places.length > 0 || !place ? places : [place];
}

function coordinatesOf(
  schema: GraphQLSchema,
): Readonly<Record<keyof SchemaCoverage, readonly string[]>> {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
  const composites = types.filter((type) => isObjectType(type) || isInterfaceType(type));
  const fields = composites.flatMap((type) =>
    Object.values(type.getFields()).map((field) => ({
      coordinate: `${type.name}.${field.name}`,
      args: field.args,
    })),
  );
  return {
    fields: fields.map(({ coordinate }) => coordinate),
    arguments: fields.flatMap(({ coordinate, args }) =>
      args.map(({ name }) => `${coordinate}(${name}:)`),
    ),
    inputFields: types
      .filter((type) => isInputObjectType(type))
      .flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)),
    enumValues: types
      .filter((type) => isEnumType(type))
      .flatMap((type) => type.getValues().map(({ name }) => `${type.name}.${name}`)),
  };
}
