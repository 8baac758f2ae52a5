import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { compactDocument, documentBytes } from '../../common/compact-document.ts';
import { documentBytesDefault } from '../../common/document-store.ts';
import { TwoPartCache } from '../../common/two-part-cache.ts';
import type { OperationNote } from './gateway-context.ts';
import { guardedFieldsOf } from './guarded-fields.ts';

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

type Document = Map<KnownOperation['operationName'], KnownOperation>;

/** The operations known on one schema, by their exact text and name, up to a number of bytes; see TwoPartCache. */
export class KnownOperations {
  private readonly documents: TwoPartCache<Document>;
  private schema: GraphQLSchema | undefined;

  constructor(bytesMax = documentBytesDefault) {
    this.documents = new TwoPartCache(bytesMax);
  }

  /** Forgets all that was known on another schema. */
  serve(schema: GraphQLSchema): void {
    if (this.schema === schema) return;
    this.schema = schema;
    this.documents.clear();
  }

  /** Forgets all. */
  clear(): void {
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
    const document = this.documents.peek(source) ?? newDocument();
    document.set(operation.operationName, operation);
    this.documents.set(source, document, bytesOf(source, document, operation));
  }
}

/**
 * Remembers what Apollo Server executes: by then it has been through every rule and every plugin. Operations with a
 * guarded root field are not remembered: each use of one goes through the plugin that guards it. Nor are those that no
 * client may have run.
 */
export function rememberOperations(
  known: KnownOperations,
  guarded: ReadonlySet<string> = new Set(),
  mayRun: (source: string) => boolean = () => true,
): ApolloServerPlugin {
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
          if (guardedFieldsOf(document, operation, guarded).length > 0 || !mayRun(source)) {
            return Promise.resolve();
          }
          known.add(source, {
            document: compactDocument(document),
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

function newDocument(): Document {
  return new Map();
}

/** The parsed document, the text, and for each operation that was asked for about 300 bytes. */
function bytesOf(source: string, document: Document, operation: KnownOperation): number {
  return documentBytes(operation.document) + source.length + 300 * document.size;
}
