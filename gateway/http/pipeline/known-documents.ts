import { type DocumentNode, getOperationAST, type GraphQLSchema, Kind } from 'graphql';
import { LRUCache } from 'lru-cache';
import { compactDocument, documentBytes } from '../../../common/compact-document.ts';
import { SegmentedLruCache } from '../../../common/segmented-lru-cache.ts';
import { isLimitRefusal } from '../../../engine/limits/limit-refusal.ts';
import { sha256 } from '../persisted-documents/manifest.ts';
import { refusal } from '../refusal.ts';
import type { Stages, Step } from './stages.ts';

type NewStages = Pick<Stages, 'document' | 'operation'>;

/** A document that has passed the checks on a schema, with the operations requested so far. */
interface KnownDocument {
  readonly document: DocumentNode;
  readonly key: string;
  readonly operations: Map<string | undefined, readonly Step[]>;
}

/** What is known about the documents of one schema, by their exact text, limited by memory; see SegmentedLruCache. */
export class KnownDocuments {
  private readonly stages: NewStages;
  private readonly documents: SegmentedLruCache<KnownDocument>;
  /** Documents over a limit, by the hash of the text: they are not measured again. */
  private readonly refused = new LRUCache<string, Error>({ max: 1_000 });
  private schema: GraphQLSchema | undefined;

  constructor(stages: NewStages, bytesMax: number) {
    this.stages = stages;
    this.documents = new SegmentedLruCache(bytesMax);
  }

  /** Forgets everything. */
  clear(): void {
    this.documents.clear();
    this.refused.clear();
  }

  /**
   * The steps for each request of an operation. A new document or operation passes its stages first. Throws a refusal.
   */
  stepsOf(
    source: string,
    operationName: string | undefined,
    schema: GraphQLSchema,
  ): readonly Step[] {
    if (this.schema !== schema) {
      this.schema = schema;
      this.documents.clear();
    }
    const known = this.documents.get(source);
    return known?.operations.get(operationName) ?? this.learn(known, source, operationName, schema);
  }

  private learn(
    known: KnownDocument | undefined,
    source: string,
    operationName: string | undefined,
    schema: GraphQLSchema,
  ): readonly Step[] {
    const found = known ?? this.newDocument(source, schema);
    const { document, key, operations } = found;
    const operation = getOperationAST(document, operationName);
    if (operation) {
      const about = { document, documentKey: key, operationName, operation, schema };
      const steps = this.stages.operation.flatMap((stage) => stage(about) ?? []);
      operations.set(operationName, steps);
    }
    // A document without this operation need not be parsed again for another name.
    if (operation || !known) this.documents.set(source, found, bytesOf(source, found));
    const steps = operations.get(operationName);
    if (steps) return steps;
    throw refusal('OPERATION_RESOLUTION_FAILURE', unresolved(operationName), { status: 400 });
  }

  private newDocument(source: string, schema: GraphQLSchema): KnownDocument {
    const key = sha256(source);
    const refused = this.refused.get(key);
    if (refused) throw refused;
    let document: DocumentNode = nothing;
    try {
      for (const stage of this.stages.document) document = stage(source, document, schema);
    } catch (error) {
      if (isLimitRefusal(error)) this.refused.set(key, error);
      throw error;
    }
    return { document: compactDocument(document), key, operations: new Map() };
  }
}

const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/**
 * The parsed document, the text, and what stages keep of an operation: fitted to the heap after 3,000 distinct
 * documents each of three kinds, on Node.js 20, and never less than measured.
 */
function bytesOf(source: string, { document, operations }: KnownDocument): number {
  let variables = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    variables += definition.variableDefinitions?.length ?? 0;
  }
  // The text once, and once more for each operation: as the usage log has it.
  const texts = source.length * (1 + operations.size);
  return documentBytes(document) + texts + 1_100 * operations.size + 1_200 * variables;
}

/** In the words of graphql-js, which clients may recognize. */
function unresolved(operationName: string | undefined): string {
  return operationName === undefined
    ? 'Must provide operation name if query contains multiple operations.'
    : `Unknown operation named "${operationName}".`;
}
