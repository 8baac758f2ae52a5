import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import { GraphQLError, GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';

/**
 * A plugin with every hook, which records each call: its name, and the contents of its argument. Differences between
 * servers, such as addresses, are not recorded.
 */
export function recordHooks(events: string[]): ApolloServerPlugin {
  const note = (hook: string, argument: object): void => {
    events.push(`${hook} ${JSON.stringify(shapeOf(argument))}`);
  };
  return {
    serverWillStart: async (service) => {
      note('serverWillStart', service);
      return {
        schemaDidLoadOrUpdate: (update) => note('schemaDidLoadOrUpdate', update),
        drainServer: async () => note('drainServer', {}),
        serverWillStop: async () => note('serverWillStop', {}),
      };
    },
    startupDidFail: async (failure) => note('startupDidFail', failure),
    contextCreationDidFail: async (failure) => note('contextCreationDidFail', failure),
    invalidRequestWasReceived: async (failure) => note('invalidRequestWasReceived', failure),
    unexpectedErrorProcessingRequest: async (failure) =>
      note('unexpectedErrorProcessingRequest', failure),
    requestDidStart: async (request) => {
      note('requestDidStart', request);
      return {
        didResolveSource: async (context) => note('didResolveSource', context),
        parsingDidStart: async (context) => {
          note('parsingDidStart', context);
          return async (error) => note('parsingDidEnd', { error });
        },
        validationDidStart: async (context) => {
          note('validationDidStart', context);
          return async (errors) => note('validationDidEnd', { errors });
        },
        didResolveOperation: async (context) => note('didResolveOperation', context),
        responseForOperation: async (context) => {
          note('responseForOperation', context);
          return null;
        },
        executionDidStart: async (context) => {
          note('executionDidStart', context);
          return {
            executionDidEnd: async (error) => note('executionDidEnd', { error }),
            willResolveField: (field) => note('willResolveField', field),
          };
        },
        didEncounterErrors: async (context) => note('didEncounterErrors', context),
        didEncounterSubsequentErrors: async (context) =>
          note('didEncounterSubsequentErrors', context),
        willSendResponse: async (context) =>
          note('willSendResponse', { ...context, ...policyOf(context) }),
        willSendSubsequentPayload: async (context) => note('willSendSubsequentPayload', context),
      };
    },
  };
}

function policyOf({ overallCachePolicy, response }: GraphQLRequestContext<object>): object {
  const { http } = response;
  return {
    policy: overallCachePolicy.policyIfCacheable(),
    headers: [...http.headers],
    status: http.status ?? 200,
  };
}

/** The existing members, by name: text, numbers and flags as they are, others as their kind. */
function shapeOf(argument: object): Readonly<Record<string, unknown>> {
  const members: [string, unknown][] = Object.entries(argument);
  return Object.fromEntries(
    members
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, name === 'coreSupergraphSdl' ? typeof value : kindOf(value)]),
  );
}

function kindOf(value: unknown): unknown {
  if (value instanceof GraphQLSchema) return printWithoutDefer(value);
  if (value instanceof GraphQLError) return JSON.stringify(value);
  if (value instanceof Error) return value.message;
  if (Array.isArray(value)) return value.map(kindOf);
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return value;
  if (!isPlain(value)) return value.constructor.name;
  return Object.keys(value).filter(isOfBoth).sort();
}

/** The schema of ApolloGateway has no `@defer`. */
function printWithoutDefer(schema: GraphQLSchema): string {
  const { directives, ...others } = schema.toConfig();
  const known = directives.filter(({ name }) => name !== 'defer');
  return printSchema(lexicographicSortSchema(new GraphQLSchema({ ...others, directives: known })));
}

/** ApolloGateway counts errors for traces of resolvers, which are not collected here. */
function isOfBoth(member: string): boolean {
  return member !== 'nonFtv1ErrorPaths';
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
