import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** A structured log: one JSON line per entry (pino). */
export type Logger = PinoLogger;

/** The log levels, most verbose first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const secrets = ['authorization', 'cookie', 'password', 'token', 'accessToken', 'refreshToken'];

/** Lines are buffered for this long, or until there are this many bytes: one write per line is too expensive. */
const lineWaitsMs = 100;
const writeFromBytes = 16 * 1000;

/** When a slow reader leaves more than this unread, lines are dropped. */
const waitingMaxBytes = 8 * 1024 * 1024;

/**
 * Creates the log of a service. Values under the usual names of secrets are redacted in the first two levels. Without a
 * destination, lines go to standard output within 100 ms. Buffered lines are written when the process exits, and lost
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

/** The time as in RFC 3339. Everything but the milliseconds is formatted once a second, because most lines share it. */
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

/** Shared by all services of the process, so that their lines stay in order. */
let standardOutput: DestinationStream | undefined;

function openStandardOutput(): DestinationStream {
  const output = pino.destination({
    dest: 1,
    sync: false,
    minLength: writeFromBytes,
    maxLength: waitingMaxBytes,
  });
  flushWhileWritten(output);
  // An error such as a full disk must not stop the service, and the next write tries again. But at the end of the
  // process, pino would retry forever.
  const flush = output.flushSync.bind(output);
  let takes = true;
  output.on('write', () => (takes = true));
  output.on('error', () => (takes = false));
  output.flushSync = () => {
    if (takes) flush();
  };
  return output;
}

/**
 * Writes waiting lines every `lineWaitsMs`, as long as there are any: its own `periodicFlush` also writes when there are none, ten
 * times a second.
 */
function flushWhileWritten(output: ReturnType<typeof pino.destination>): void {
  const write = output.write.bind(output);
  let timer: NodeJS.Timeout | undefined;
  let isWritten = false;
  const flush = (): void => {
    isWritten = false;
    output.flush();
  };
  output.write = (line) => {
    isWritten = true;
    timer ??= setInterval(flush, lineWaitsMs).unref();
    return write(line);
  };
  // Nothing was waiting when this flush began, and nothing has come since.
  output.on('write', (bytes: number) => {
    if (bytes > 0 || isWritten) return;
    clearInterval(timer);
    timer = undefined;
  });
  output.on('close', () => {
    clearInterval(timer);
  });
}
