import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** Structured log: one JSON line an entry (pino). */
export type Logger = PinoLogger;

/** The levels a log may be cut at, most talkative first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const secrets = ['authorization', 'cookie', 'password', 'token', 'accessToken', 'refreshToken'];

/** Lines wait this long for others, or until there are so many of them: a write for each line would be dear. */
const lineWaitsMs = 100;
const writeFromBytes = 16 * 1000;

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
    timestamp: isoTime(),
  };
  return pino(options, destination ?? (standardOutput ??= openStandardOutput()));
}

/** The time as RFC 3339 has it. All but the milliseconds is written once a second: most lines share it. */
function isoTime(): () => string {
  let second = Number.NaN;
  let prefix = '';
  return () => {
    const now = Date.now();
    const ms = now % 1_000;
    if (now - ms !== second) {
      second = now - ms;
      prefix = `,"time":"${new Date(second).toISOString().slice(0, 20)}`;
    }
    return `${prefix}${String(ms).padStart(3, '0')}Z"`;
  };
}

/** One for all services of the process, so that their lines stay in order. */
let standardOutput: DestinationStream | undefined;

function openStandardOutput(): DestinationStream {
  const output = pino.destination({
    dest: 1,
    sync: false,
    minLength: writeFromBytes,
    maxLength: waitingMaxBytes,
    periodicFlush: lineWaitsMs,
  });
  // A full disk, say: what is served matters more than its log, and the next write tries again. But at the end of the
  // process the package would try for ever.
  const flush = output.flushSync.bind(output);
  let takes = true;
  output.on('write', () => (takes = true));
  output.on('error', () => (takes = false));
  output.flushSync = () => {
    if (takes) flush();
  };
  return output;
}
