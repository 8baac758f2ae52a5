import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { JsonAnswer } from '../../../engine/execution/execute.ts';
import type { SubscriptionStream } from '../../../engine/streams/subscription-stream.ts';
import type { OperationRequest } from './operation-request.ts';

/**
 * What a stage does for one request: let it pass, answer it, or refuse it by throwing. Returns a promise only if it has
 * to wait.
 */
export type Step = (request: OperationRequest) => Answer | undefined | Promise<Answer | undefined>;

/** What a stage makes of a document, once: from its text, and the results of earlier stages. Refuses by throwing. */
export type DocumentStage = (
  source: string,
  document: DocumentNode,
  schema: GraphQLSchema,
) => DocumentNode;

/** Prepares, once for each cached operation, what a stage does for each request of it; `undefined` for nothing. */
export type OperationStage = (operation: KnownOperation) => Step | undefined;

/** An operation of a valid document. */
export interface KnownOperation {
  readonly document: DocumentNode;
  /** The hash of the document's text: equal keys mean equal documents. */
  readonly documentKey: string;
  /** As sent by the client. */
  readonly operationName: string | undefined;
  readonly operation: OperationDefinitionNode;
  /** The API schema on which the document is valid. */
  readonly schema: GraphQLSchema;
}

/** The stages of a pipeline, in order. Every request passes all of them. */
export interface Stages {
  /** For each request: what it asks for, and who the viewer is. */
  readonly arrival: readonly Step[];
  /** For each new document; a document that passes them is cached. */
  readonly document: readonly DocumentStage[];
  /** For each new operation of a document; the steps they return are cached with it, and run for each request. */
  readonly operation: readonly OperationStage[];
}

/** A pipeline's response: all at once, or in parts as they become ready. */
export type Answer = OneAnswer | PartedAnswer | StreamedAnswer;

/** One result (GraphQL spec §7.1). */
export interface OneAnswer extends JsonAnswer {
  /** For a response that contains only request errors. */
  readonly refusal?: RefusalHead | undefined;
}

/** Results that follow one another, as for a subscription or a deferred part; each as sent over HTTP. */
export interface PartedAnswer {
  readonly parts: AsyncIterable<string>;
  readonly contentType: string;
}

/** The events of a subscription, to be written as the client wants them. */
export interface StreamedAnswer {
  readonly stream: SubscriptionStream;
}

/** The HTTP status of a refusal, and its headers: name, value, name, value … */
export interface RefusalHead {
  readonly status: number;
  readonly headers: readonly string[];
  /** Never answered with 200: a limit of this server, which proxies and clients must be able to see. */
  readonly isLimit: boolean;
  /** Refused before it was read as a request for an operation, and answered as at any other address. */
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
