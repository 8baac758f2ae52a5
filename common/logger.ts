import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** Structured log: one JSON line an entry (pino). */
export type Logger = PinoLogger;

/** The levels a log may be cut at, most talkative first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const secrets = ['authorization', 'cookie', 'password', 'token', 'accessToken', 'refreshToken'];

/** Lines wait this long for others, or until there are so many of them: a write for each line would be dear. */
const lineWaitsMs = 100;
const writeFromBytes = 8 * 1024;

/** With more than this waiting for a reader that does not read, lines are dropped. */
const waitingMaxBytes = 8 * 1024 * 1024;

/**
 * A log of one service. Secrets under their usual names are never written, at any of the first two depths. Without a
 * destination it goes to standard output, within 100 ms; what still waits is written when the process exits, and lost
 * when it is killed.
 */
export function createLogger(
  service: string,
  level: LogLevel,
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: { service },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(options, destination ?? (standardOutput ??= openStandardOutput()));
}

/** One for all services of the process, so that their lines stay in order. */
let standardOutput: DestinationStream | undefined;

function openStandardOutput(): DestinationStream {
  return pino.destination({
    dest: 1,
    sync: false,
    minLength: writeFromBytes,
    maxLength: waitingMaxBytes,
    periodicFlush: lineWaitsMs,
  });
}
