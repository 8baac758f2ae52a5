import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';

/**
 * An `ApolloServerPlugin`, as far as the limits are one. Of Apollo Server there are two sets of types, for ES modules
 * and for CommonJS, which do not take each other's plugins; this one names none of them, and suits both.
 */
export interface OperationLimitsPlugin<TContext> {
  serverWillStart(): Promise<{
    schemaDidLoadOrUpdate(update: SchemaUpdate): void;
  }>;
  requestDidStart(
    request: Pick<LimitedRequest<TContext>, 'request'>,
  ): Promise<OperationLimitsListener<TContext>>;
}

/** What the plugin does with one request. */
export interface OperationLimitsListener<TContext> {
  validationDidStart(request: LimitedRequest<TContext>): Promise<void>;
  didResolveOperation(request: LimitedRequest<TContext>): Promise<void>;
  willSendResponse?(request: AnsweredRequest): Promise<void>;
}

/** A supergraph that Apollo Server serves from now on. */
export interface SchemaUpdate {
  readonly apiSchema: GraphQLSchema;
  readonly coreSupergraphSdl?: string;
}

/** What the plugin reads of a request that has been parsed: a `GraphQLRequestContext`. */
export interface LimitedRequest<TContext> {
  readonly request: {
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly http?: { readonly headers: { get(name: string): string | undefined } };
  };
  readonly schema: GraphQLSchema;
  readonly contextValue: TContext;
  readonly document: DocumentNode;
  readonly operation?: OperationDefinitionNode;
}

/** What the plugin reads and changes of a request that has an answer; it may be one that could not be parsed. */
export interface AnsweredRequest extends Pick<
  LimitedRequest<unknown>,
  'operation' | 'request' | 'schema'
> {
  readonly document?: DocumentNode;
  readonly response: {
    readonly body:
      | { readonly kind: 'incremental' }
      | {
          readonly kind: 'single';
          readonly singleResult: { data?: unknown; extensions?: Record<string, unknown> };
        };
  };
}
