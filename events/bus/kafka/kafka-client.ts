import { type Admin, Kafka, logLevel, type LogEntry } from 'kafkajs';
import { messageOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { within } from '../../../common/within.ts';
import { BusUnavailableError } from '../bus.ts';

/** The deadline for opening a connection. */
const connectTimeoutMs = 3_000;

/** The deadline of one request. */
const requestTimeoutMs = 10_000;

/** The deadline of everything that is asked of a broker besides publishing. */
const adminTimeoutMs = 30_000;

/** The same line of the client library is logged once in this time. */
const sameLineMs = 60_000;

/** The most lines that are remembered for that. */
const linesMax = 100;

/** Creates a client of these brokers. It connects to none yet. */
export function createKafkaClient(
  brokers: readonly string[],
  clientId: string,
  log: Logger,
): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 2_000 },
    logLevel: logLevel.WARN,
    logCreator: () => logLinesTo(log),
  });
}

/** Runs work with an administrator's connection of its own. Throws BusUnavailableError. */
export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  const late = Symbol('late');
  const run = async (): Promise<T> => {
    await admin.connect();
    return work(admin);
  };
  try {
    const result = await within<T | typeof late>(run(), adminTimeoutMs, late);
    if (result === late) throw new Error(`no answer within ${adminTimeoutMs} ms`);
    return result;
  } catch (error) {
    throw asUnavailable(error);
  } finally {
    void admin.disconnect().catch(() => undefined);
  }
}

/** An error of the client library as the one that callers know. */
export function asUnavailable(error: unknown): BusUnavailableError {
  if (error instanceof BusUnavailableError) return error;
  return new BusUnavailableError(`Kafka cannot be reached, or refuses: ${messageOf(error)}`, {
    cause: error,
  });
}

/** The type of an error in the protocol of Kafka, such as `UNKNOWN_TOPIC_OR_PARTITION`. */
export function protocolErrorOf(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 10; depth += 1) {
    if ('type' in at && typeof at.type === 'string') return at.type;
    at = at.cause;
  }
  return undefined;
}

/** The library says the same again with each attempt. What matters of it, the bus says by itself. */
function logLinesTo(log: Logger): (entry: LogEntry) => void {
  const seen = new Map<string, number>();
  return ({ namespace, log: { message, broker, groupId, topic } }) => {
    const now = performance.now();
    const line = `${namespace} ${message}`;
    if (now - (seen.get(line) ?? -sameLineMs) < sameLineMs) return;
    if (seen.size >= linesMax) seen.clear();
    seen.set(line, now);
    log.warn({ kafka: namespace, broker, groupId, topic, reason: message }, 'Kafka client');
  };
}
