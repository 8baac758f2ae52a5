import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { rootObject, type World, type WorldObject } from './world.ts';

/** The context value of every execution: which world it is about. */
export interface InWorld {
  readonly world: World;
}

/** Arguments that clients see: others do not count, as clients of the schema over everything cannot give them. */
type VisibleArguments = (coordinate: string) => ReadonlySet<string> | undefined;

/** The schema of a subgraph with resolvers that look into the world. */
export function subgraphSchema(
  subgraph: string,
  typeDefs: string,
  isVisible: VisibleArguments,
): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs) }]);
  resolveInWorld(schema, subgraph, isVisible);
  for (const type of Object.values(schema.getTypeMap())) {
    const extensions = type.extensions as { apollo?: { subgraph?: Record<string, unknown> } };
    type.extensions = {
      ...extensions,
      apollo: {
        ...extensions.apollo,
        subgraph: {
          ...extensions.apollo?.subgraph,
          resolveReference: (
            representation: Parameters<World['find']>[1],
            { world }: InWorld,
          ): WorldObject | null => world.find(subgraph, representation),
        },
      },
    };
  }
  return schema;
}

/** Gives the schema over everything resolvers that look into the world. */
export function resolveInWorld(
  schema: GraphQLSchema,
  subgraph: string | undefined,
  isVisible: VisibleArguments,
): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    const typename = usualName(type, schema);
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      field.resolve = (
        source: WorldObject | undefined,
        args: Readonly<Record<string, unknown>>,
        { world }: InWorld,
      ) => {
        const object = source ?? rootObject(typename);
        const visible = isVisible(`${typename}.${field.name}`);
        const given = visible
          ? Object.fromEntries(
              Object.entries(args).filter(
                ([name]) => visible.has(name) || world.isFromContext(typename, field.name, name),
              ),
            )
          : args;
        return world.resolve(object, field.name, given, subgraph);
      };
    }
  }
}

/** Composition gives root types their usual names. */
function usualName(type: GraphQLObjectType, schema: GraphQLSchema): string {
  if (type === schema.getQueryType()) return 'Query';
  return type === schema.getMutationType() ? 'Mutation' : type.name;
}

/** Lets every field and item be null, so that an execution shows each failure at its own place. */
export function allowNulls(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    if (type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) field.type = nullable(field.type);
  }
}

/** The arguments of each field of a schema. */
export function visibleArguments(schema: GraphQLSchema): VisibleArguments {
  const found = new Map<string, ReadonlySet<string>>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const { name, args } of Object.values(type.getFields()))
      found.set(`${type.name}.${name}`, new Set(args.map((argument) => argument.name)));
  }
  return (coordinate) => found.get(coordinate);
}

function nullable(type: GraphQLOutputType): GraphQLOutputType {
  if (isNonNullType(type)) return nullable(type.ofType);
  return isListType(type) ? new GraphQLList(nullable(type.ofType)) : type;
}
