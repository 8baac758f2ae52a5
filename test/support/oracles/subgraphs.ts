import { graphql, type GraphQLSchema, Kind, parse, validate } from 'graphql';
import type { SubgraphFetch, SubgraphResponse } from '../../../engine/fetching/types.ts';
import type { InWorld } from './schemas.ts';

interface Body {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Subgraphs that answer in this process, through JSON text as over HTTP. */
export class Subgraphs {
  readonly schemas: ReadonlyMap<string, GraphQLSchema>;
  /** What is wrong with a query, by subgraph and text, for those that came already. */
  private readonly findings = new Map<string, string | undefined>();

  constructor(schemas: ReadonlyMap<string, GraphQLSchema>) {
    this.schemas = schemas;
  }

  /**
   * A fetch that reaches them in one world. Requests that are not valid on the schema of their own subgraph are told
   * to `refused`, and answered as graphql-js answers them.
   */
  fetchIn(contextValue: InWorld, refused: (finding: string) => void): SubgraphFetch {
    return async ({ subgraph, body }): Promise<SubgraphResponse> => {
      const schema = this.schemas.get(subgraph);
      if (!schema) throw new Error(`Expected a subgraph; got "${subgraph}".`);
      const { query, operationName, variables = {} } = JSON.parse(body) as Body;
      const finding = this.findingIn(subgraph, schema, query, variables);
      if (finding !== undefined) refused(`${subgraph} was sent ${query}: ${finding}`);
      const lost = contextValue.world.faults?.request(subgraph, body);
      const run = (): Promise<unknown> =>
        graphql({ schema, source: query, operationName, variableValues: variables, contextValue });
      // Of a mutation the answer is lost, not the effect: what comes later is as in the schema over everything.
      if (lost !== undefined && query.startsWith('mutation')) await run();
      switch (lost) {
        case 'unreachable':
          throw new Error(`${subgraph} cannot be reached.`);
        case 'an error without data':
          return response({ errors: [{ message: `${subgraph} fails.` }] });
        case 'data: null':
          return response({ data: null, errors: [{ message: `${subgraph} fails.` }] });
        default:
          return response(await run());
      }
    };
  }

  private findingIn(
    subgraph: string,
    schema: GraphQLSchema,
    query: string,
    variables: Readonly<Record<string, unknown>>,
  ): string | undefined {
    const key = `${subgraph} ${query} ${Object.keys(variables).sort().join(' ')}`;
    if (!this.findings.has(key)) this.findings.set(key, findingIn(schema, query, variables));
    return this.findings.get(key);
  }
}

function findingIn(
  schema: GraphQLSchema,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  try {
    const document = parse(query);
    const [error] = validate(schema, document);
    if (error) return error.message;
    const defined = document.definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [],
    );
    const names = new Set(defined.map(({ variable }) => variable.name.value));
    const stray = Object.keys(variables).find((name) => !names.has(name));
    return stray === undefined ? undefined : `It defines no variable "${stray}", whose value came.`;
  } catch (error) {
    return String(error);
  }
}

function response(result: unknown): SubgraphResponse {
  return { body: JSON.stringify(result), cacheControl: undefined };
}
