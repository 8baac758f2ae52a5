import type { DocumentNode } from 'graphql';
import type { Clock } from '../../common/clock.ts';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { within } from '../../common/within.ts';
import type { UsageConfig } from '../config/usage.ts';
import { type CountUse, UsageCounts } from './usage-counts.ts';
import { appendLines } from './usage-file.ts';
import { usageTextOf } from './usage-text.ts';

/** All lines between two writes together. */
const maxBytes = 16 * 1024 * 1024;

/** At the end, the last write may take so long. */
const lastWriteMs = 2_000;

/** The log of what clients send. It never makes a request fail or wait. */
export interface UsageLog {
  /** Prepares counting an operation. */
  counterOf(operation: {
    readonly document: DocumentNode;
    readonly operationName: string | undefined;
  }): CountUse;
  /** Writes what has been counted. Never rejects. */
  close(): Promise<void>;
}

/**
 * Opens the usage log; undefined without a file. Lines that cannot be written are counted as not recorded; that they
 * cannot is logged once, until they can again.
 */
export function openUsageLog(
  { file, flushEveryMs, maxOperations, maxClients, maxFileBytes, keptFiles }: UsageConfig,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): UsageLog | undefined {
  if (file === undefined) return undefined;
  const counts = new UsageCounts({ maxOperations, maxClients, maxBytes }, clock);
  let isFailing = false;
  let writing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    const { lines, requests } = counts.take();
    if (lines.length === 0) return;
    try {
      await appendLines(lines, { file, maxFileBytes, keptFiles });
      if (isFailing) log.info({ file }, 'the usage log is written again');
      isFailing = false;
    } catch (error) {
      counts.addUnrecorded(requests);
      if (!isFailing) log.error({ file, reason: messageOf(error) }, 'the usage log is not written');
      isFailing = true;
    }
  };
  /** One write at a time; meanwhile, requests are counted for the next. */
  const flush = (): Promise<void> =>
    (writing ??= write().finally(() => {
      writing = undefined;
    }));
  const timer = setInterval(() => void flush(), flushEveryMs).unref();

  const writeTheLast = async (): Promise<boolean> => {
    await writing;
    await flush();
    return true;
  };
  return {
    counterOf: ({ document, operationName }) =>
      counts.counterOf(usageTextOf(document, operationName)),
    close: async () => {
      clearInterval(timer);
      if (await within(writeTheLast(), lastWriteMs, false)) return;
      log.error({ file }, `the end of the usage log was not written within ${lastWriteMs} ms`);
    },
  };
}
