import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { JsonAnswer } from '../../../engine/execution/execute.ts';
import type { OperationRequest } from './operation-request.ts';

/**
 * What a stage does for one request: it lets it pass, answers it, or refuses it by what it throws. A promise only where
 * something has to be waited for.
 */
export type Step = (request: OperationRequest) => Answer | undefined | Promise<Answer | undefined>;

/** What a stage makes of a document, once: from its text, and what the stages before have made of it. Refuses by throwing. */
export type DocumentStage = (
  source: string,
  document: DocumentNode,
  schema: GraphQLSchema,
) => DocumentNode;

/**
 * What a stage knows of an operation, once for each operation of a document that is kept, and what it does for each
 * request of it; `undefined` for nothing.
 */
export type OperationStage = (operation: KnownOperation) => Step | undefined;

/** An operation of a valid document. */
export interface KnownOperation {
  readonly document: DocumentNode;
  /** The hash of the document's text: equal keys mean equal documents. */
  readonly documentKey: string;
  /** As the client says it. */
  readonly operationName: string | undefined;
  readonly operation: OperationDefinitionNode;
  /** The API schema on which the document is valid. */
  readonly schema: GraphQLSchema;
}

/** The stages of a pipeline, in the order in which they have their turn. Each request meets all of them. */
export interface Stages {
  /** For each request: what it asks for, and who asks. */
  readonly arrival: readonly Step[];
  /** For each new document; what they let pass is kept. */
  readonly document: readonly DocumentStage[];
  /** For each new operation of a document; the steps that they give are kept with it, and done for each request. */
  readonly operation: readonly OperationStage[];
}

/** What the pipeline answers: all at once, or in parts as they come. */
export type Answer = OneAnswer | PartedAnswer;

/** One result (GraphQL spec §7.1). */
export interface OneAnswer extends JsonAnswer {
  /** Of an answer that is nothing but errors of the request. */
  readonly refusal?: RefusalHead | undefined;
}

/** Results that follow one another, as those of a subscription or of a deferred part; each as it goes over HTTP. */
export interface PartedAnswer {
  readonly parts: AsyncIterable<string>;
  readonly contentType: string;
}

/** The HTTP status of a refusal, and its headers: name, value, name, value … */
export interface RefusalHead {
  readonly status: number;
  readonly headers: readonly string[];
  /** Never answered with 200: a limit of this server, which those on the way have to see. */
  readonly isLimit: boolean;
  /** Refused before it was looked at as a request for an operation, and answered as at any other address. */
  readonly isOfHttp: boolean;
}

/** Refuses a request for more than one reason. */
export class Refusal extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
    this.name = 'Refusal';
    this.errors = errors;
  }
}
