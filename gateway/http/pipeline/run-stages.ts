import type { GraphQLSchema } from 'graphql';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';
import { logHiddenErrors } from '../error-log.ts';
import type { Exchange } from '../exchange.ts';
import { KnownDocuments } from './known-documents.ts';
import { OperationRequest } from './operation-request.ts';
import { refuse } from './refuse.ts';
import { respond } from './respond.ts';
import type { Answer, Stages } from './stages.ts';

/** The options of a pipeline. */
export interface PipelineOptions {
  readonly stages: Stages;
  /** The API schema for new requests. */
  readonly schema: () => GraphQLSchema;
  /** The maximum memory for documents, in bytes. */
  readonly documentBytesMax: number;
  /** What a client sees of an error. */
  readonly format: ErrorFormat;
}

/** Runs requests through stages. */
export class Pipeline {
  private readonly arrival: Stages['arrival'];
  private readonly documents: KnownDocuments;
  private readonly schema: () => GraphQLSchema;
  private readonly format: ErrorFormat;

  constructor({ stages, schema, documentBytesMax, format }: PipelineOptions) {
    this.arrival = stages.arrival;
    this.documents = new KnownDocuments(stages, documentBytesMax);
    this.schema = schema;
    this.format = format;
  }

  /** Forgets all known documents: they pass their stages again. */
  forget(): void {
    this.documents.clear();
  }

  /** Answers an exchange. */
  async answer(exchange: Exchange): Promise<void> {
    const request = new OperationRequest(exchange);
    const answer = await this.run(request);
    // Wait only if there is something to wait for.
    const sending = respond(request, answer);
    if (sending) await sending;
  }

  /** The response to a request. Never rejects: an error that a stage throws refuses the request. */
  async run(request: OperationRequest): Promise<Answer> {
    let isRead = false;
    let answer: Answer | undefined;
    try {
      for (const step of this.arrival) {
        const given = step(request);
        answer = given instanceof Promise ? await given : given;
        if (answer) break;
      }
      if (!answer) {
        isRead = true;
        const { source, asked } = request;
        for (const step of this.documents.stepsOf(source, asked.operationName, this.schema())) {
          const given = step(request);
          answer = given instanceof Promise ? await given : given;
          if (answer) break;
        }
      }
      if (!answer) throw new Error('Expected a stage to answer.');
    } catch (thrown) {
      answer = refuse(thrown, this.format, isRead);
    }
    if ('errors' in answer && answer.errors) logHiddenErrors(answer.errors, request.exchange.log);
    return answer;
  }
}
