import type { Logger } from '../../../common/logger.ts';
import type { Exchange } from '../exchange.ts';

/** Logs a finished exchange. */
export type AccessLog = (exchange: Exchange) => void;

/** This server has no longer paths. */
const pathMaxChars = 256;

/** Logs each exchange at level info: the request, the response and the duration. */
export function createAccessLog(log: Logger): AccessLog {
  // No logged key needs redaction, so skip it.
  const lines = log.child({}, { redact: [] });
  return (exchange) => {
    const { request, response, correlationId, path, operation } = exchange;
    if (exchange.isTurnedAway) return;
    const isAnswered = response.writableFinished;
    if (isAnswered && !exchange.isNoted && response.statusCode < 500) return;
    lines.info(
      {
        correlationId,
        method: request.method,
        path: path.slice(0, pathMaxChars),
        status: isAnswered ? response.statusCode : undefined,
        durationMs: Math.round(exchange.elapsedMs),
        ...operation,
      },
      isAnswered ? 'answered' : 'the client disconnected',
    );
  };
}
