import type { Logger } from '../../../common/logger.ts';
import type { Exchange } from '../exchange.ts';

/** Writes a line about an exchange that is over. */
export type AccessLog = (exchange: Exchange) => void;

/** A longer path is none of this server's. */
const pathMaxChars = 256;

/** Notes each exchange at level info: what was asked, what was answered, and how long it took. */
export function createAccessLog(log: Logger): AccessLog {
  // Nothing below comes with a name that hides secrets, so that each line need not be searched for them.
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
      isAnswered ? 'answered' : 'the client left',
    );
  };
}
