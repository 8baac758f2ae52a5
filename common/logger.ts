import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** Structured log: one JSON line an entry (pino). */
export type Logger = PinoLogger;

/** The levels a log may be cut at, most talkative first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const secrets = ['authorization', 'cookie', 'password', 'token', 'accessToken', 'refreshToken'];

/** A log of one service. Secrets under their usual names are never written, at any of the first two depths. */
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
  return destination ? pino(options, destination) : pino(options);
}
