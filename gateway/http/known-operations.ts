import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { OperationNote } from './request-context.ts';

/** An operation that Apollo Server has parsed, validated on `schema` and let through to execution. */
export interface KnownOperation {
  readonly document: DocumentNode;
  /** Apollo Server's hash of the text, so that both lanes find the same plan. */
  readonly documentKey: string;
  /** As the client says it. */
  readonly operationName: string | undefined;
  readonly schema: GraphQLSchema;
  readonly note: OperationNote;
}

/** The most memory that known documents may occupy, as estimated. */
const bytesMax = 32 * 1024 * 1024;

type Document = Map<KnownOperation['operationName'], KnownOperation>;

/** The operations known on one schema, by their exact text and name; the least recently used are forgotten. */
export class KnownOperations {
  private readonly documents = new LRUCache<string, Document>({
    maxSize: bytesMax,
    sizeCalculation: (_document, source) => estimateBytes(source),
  });
  private schema: GraphQLSchema | undefined;

  /** Forgets all that was known on another schema. */
  serve(schema: GraphQLSchema): void {
    if (this.schema === schema) return;
    this.schema = schema;
    this.documents.clear();
  }

  /** The operation, if its text and name are known on the schema. */
  find(
    source: string,
    operationName: string | undefined,
    schema: GraphQLSchema,
  ): KnownOperation | undefined {
    if (this.schema !== schema) return undefined;
    return this.documents.get(source)?.get(operationName);
  }

  /** Remembers an operation; one that was validated on a schema of the past is passed over. */
  add(source: string, operation: KnownOperation): void {
    if (operation.schema !== this.schema || introspects(source)) return;
    const known = this.documents.get(source);
    if (known) known.set(operation.operationName, operation);
    else this.documents.set(source, new Map([[operation.operationName, operation]]));
  }
}

/** Remembers what Apollo Server executes: by then it has been through every rule and every plugin. */
export function rememberOperations(known: KnownOperations): ApolloServerPlugin {
  return {
    serverWillStart: () =>
      Promise.resolve({
        schemaDidLoadOrUpdate: ({ apiSchema }) => {
          known.serve(apiSchema);
        },
      }),
    requestDidStart: () =>
      Promise.resolve({
        executionDidStart: ({ source, document, queryHash, request, schema, operation }) => {
          known.add(source, {
            document,
            documentKey: queryHash,
            operationName: request.operationName,
            schema,
            note: {
              operationKind: operation.operation,
              operationName: operation.name?.value,
              lane: 'direct',
            },
          });
          return Promise.resolve();
        },
      }),
  };
}

/** A tool's question, asked once: not worth remembering. In doubt it counts as one. */
function introspects(source: string): boolean {
  return /__(?:schema|type)\b/.test(source);
}

/** A parsed document is many times its text. */
function estimateBytes(source: string): number {
  return 1_000 + 60 * source.length;
}
