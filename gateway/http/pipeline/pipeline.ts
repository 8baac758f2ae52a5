import type { SupergraphGateway } from '../../../engine/apollo/supergraph-gateway.ts';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';
import type { GatewayLimits } from '../gateway-limits.ts';
import { countGuardedFields, type GuardedFields } from '../guarded-fields.ts';
import type { AcceptedFormat } from '../parts/accepted-format.ts';
import { countUse, type UsageCounter } from './count-use.ts';
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
import type { ClientStreams } from './run-subscription.ts';
import type { Stages, Step } from './stages.ts';

/** What the stages of a gateway need. */
export interface PipelineParts {
  readonly mode: 'development' | 'production';
  readonly read: Step;
  readonly identify: Step;
  readonly documents: DocumentNames;
  readonly limits: GatewayLimits;
  readonly guarded: GuardedFields;
  readonly execution: Pick<SupergraphGateway, 'prepare' | 'prepareParts' | 'subscribe'>;
  /** Opens subscriptions; without it, they are refused. */
  readonly streams?: ClientStreams | undefined;
  /** Shows plans to clients that request them; without it, to none. */
  readonly planView: PlanView | undefined;
  /** Counts what clients send; without it, nothing is counted. */
  readonly usage: UsageCounter | undefined;
  readonly format: ErrorFormat;
  /** Which clients get deferred parts as they become ready; without it, none. */
  readonly acceptedFormat: AcceptedFormat | undefined;
}

/**
 * Everything that a request for an operation goes through, in order; there is no other way. Results about a document
 * and its operations are cached: a request for a known operation only passes the first list and, of the last one, the
 * part of each stage that runs for each request.
 */
export function stagesOf(parts: PipelineParts): Stages {
  return {
    /** For each request. */
    arrival: [
      parts.read, // the bytes: what is asked for, by GET or POST, and the type of the response
      parts.identify, // the credentials: who the viewer is, and state that the subgraph calls share
      nameDocument(parts.documents), // a text, an id or a hash: the text
    ],
    /** Once for each document. */
    document: [
      admitDocument(parts.documents), // listed, if only listed documents may be run
      parseDocument(parts.limits),
      limitDocument(parts.limits),
      validateDocument(parts.mode),
    ],
    /** Once for each operation of a document; its steps then run for each request. */
    operation: [
      queriesOnlyByGet(), // its kind: is the method right?
      measureDemand(parts.limits), // what it costs: is it over a limit with these variables?
      countGuardedFields(parts.guarded), // its guarded fields: is it one use too many?
      registerDocument(parts.documents), // the text is found by its hash from now on
      planOperation(parts), // the engine checks variables and access, and gets the plan
      countUse(parts.usage), // it will be run: its client uses what it asks for
      executeOperation(parts), // the engine calls subgraphs, merges and writes the response, or opens the events of a subscription
    ],
  };
}
