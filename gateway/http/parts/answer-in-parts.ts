import type { FastifyBaseLogger } from 'fastify';
import type { PartedExecution } from '../../../engine/execution/execute-in-parts.ts';
import {
  type ErrorFormat,
  type ResponseExtensions,
  writeAnswer,
} from '../../../engine/execution/execute.ts';
import { inMultipart, multipartType } from '../../../engine/streams/multipart.ts';
import { logHiddenErrors } from '../error-log.ts';
import type { Answer } from '../pipeline/stages.ts';
import type { IncrementalFormat } from './incremental-formats.ts';

/** How the parts of one response are written. */
export interface PartsWriting {
  readonly format: IncrementalFormat;
  /** What a client sees of an error. */
  readonly errorFormat: ErrorFormat;
  /** The extensions of the first part. */
  readonly extensions: ResponseExtensions | undefined;
  readonly log: FastifyBaseLogger;
}

/** Answers with the parts of an execution; with one response when there is nothing to deliver later. */
export function answerInParts(execution: PartedExecution, writing: PartsWriting): Answer {
  const { initial, pending } = execution;
  if (pending.length === 0) return writeAnswer(initial, writing.errorFormat, writing.extensions);
  const texts = textsOf(execution, writing);
  return { parts: inMultipart(texts), contentType: multipartType(writing.format.spec) };
}

async function* textsOf(
  { initial, pending, later }: PartedExecution,
  { format, errorFormat, extensions, log }: PartsWriting,
): AsyncGenerator<string, undefined> {
  logHiddenErrors(initial.errors ?? [], log);
  const { json } = writeAnswer(initial, errorFormat, extensions);
  yield `${json.slice(0, -1)},${JSON.stringify(format.initial(pending)).slice(1)}`;
  for await (const delivery of later) {
    for (const { errors } of delivery.parts) logHiddenErrors(errors ?? [], log);
    yield JSON.stringify(format.delivery(delivery, errorFormat));
  }
}
