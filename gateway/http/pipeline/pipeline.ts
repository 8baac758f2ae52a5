import type { SupergraphGateway } from '../../../engine/apollo/supergraph-gateway.ts';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';
import type { GatewayLimits } from '../gateway-limits.ts';
import { countGuardedFields, type GuardedFields } from '../guarded-fields.ts';
import {
  admitDocument,
  type DocumentNames,
  nameDocument,
  registerDocument,
} from './document-names.ts';
import { measureDemand } from './measure-demand.ts';
import { limitDocument, parseDocument, validateDocument } from './new-document.ts';
import { queriesOnlyByGet } from './queries-only-by-get.ts';
import { executeOperation, planOperation, type PlanView } from './run-operation.ts';
import type { Stages, Step } from './stages.ts';

/** What the stages of a gateway are made of. */
export interface PipelineParts {
  readonly mode: 'development' | 'production';
  readonly read: Step;
  readonly identify: Step;
  readonly documents: DocumentNames;
  readonly limits: GatewayLimits;
  readonly guarded: GuardedFields;
  readonly execution: Pick<SupergraphGateway, 'prepare'>;
  /** Shows plans to clients that ask for them; without it, to none. */
  readonly planView: PlanView | undefined;
  readonly format: ErrorFormat;
}

/**
 * All that a request for an operation goes through, in order; there is no other way. What is found out about a document
 * and its operations is kept: a request for an operation that is known meets the first list, and of the last one what each
 * stage does for a request.
 */
export function stagesOf(parts: PipelineParts): Stages {
  return {
    /** For each request. */
    arrival: [
      parts.read, // the bytes: what is asked for, by GET or POST, and the type of the answer
      parts.identify, // the credentials: who asks, and what the calls of subgraphs share
      nameDocument(parts.documents), // a text, an id or a hash: the text
    ],
    /** Once for each document. */
    document: [
      admitDocument(parts.documents), // listed, where only what is listed may be run
      parseDocument(parts.limits),
      limitDocument(parts.limits),
      validateDocument(parts.mode),
    ],
    /** Once for each operation of a document, and what follows from it for each request. */
    operation: [
      queriesOnlyByGet(), // its kind: is the method right?
      measureDemand(parts.limits), // what it costs: is it over a limit with these variables?
      countGuardedFields(parts.guarded), // its guarded fields: is it one use too many?
      registerDocument(parts.documents), // the text is found by its hash from now on
      planOperation(parts), // the engine checks variables, asks for access, and takes the plan
      executeOperation(parts), // the engine asks subgraphs, merges and writes the answer
    ],
  };
}
