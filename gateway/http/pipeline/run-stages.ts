import type { GraphQLSchema } from 'graphql';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';
import { logHiddenErrors } from '../error-log.ts';
import type { Exchange } from '../exchange.ts';
import { KnownDocuments } from './known-documents.ts';
import { OperationRequest } from './operation-request.ts';
import { refuse } from './refuse.ts';
import { respond } from './respond.ts';
import type { Answer, Stages } from './stages.ts';

/** What a pipeline is made of. */
export interface PipelineOptions {
  readonly stages: Stages;
  /** The API schema that new requests meet. */
  readonly schema: () => GraphQLSchema;
  /** The most bytes that is known of documents may occupy. */
  readonly documentBytesMax: number;
  /** What a client reads of an error. */
  readonly format: ErrorFormat;
}

/** Sends requests through stages. */
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

  /** Forgets what is known of documents: they meet their stages again. */
  forget(): void {
    this.documents.clear();
  }

  /** Answers an exchange. */
  async answer(exchange: Exchange): Promise<void> {
    const request = new OperationRequest(exchange);
    const answer = await this.run(request);
    // Where nothing has to be waited for, nothing is.
    const sending = respond(request, answer);
    if (sending) await sending;
  }

  /** The answer to a request. Never rejects: what a stage throws refuses the request. */
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
      if (!answer) throw new Error('Expected a stage that answers.');
    } catch (thrown) {
      answer = refuse(thrown, this.format, isRead);
    }
    if ('errors' in answer && answer.errors) logHiddenErrors(answer.errors, request.exchange.log);
    return answer;
  }
}
