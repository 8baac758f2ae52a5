import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../../common/logger.ts';
import { Exchange } from '../exchange.ts';
import { answerError } from '../json-errors.ts';
import { createAccessLog } from './access-log.ts';
import type { Admission } from './admission.ts';
import { type BodyLimits, hasBody, readBody } from './body.ts';
import type { ClientAddress } from './client-address.ts';
import type { Edge } from './edge.ts';
import type { PacedRefusals } from './paced-refusals.ts';
import { holdPipelines, type RequestHandler } from './pipelining.ts';

/** Handles operations, before the server's routes. */
export interface Operations {
  /** Whether it handles an exchange; the routes handle the others. */
  takes(exchange: Exchange): boolean;
  answer(exchange: Exchange): Promise<void>;
}

/** Decides which requests are work, counts them, and admits them. */
export interface Doorkeeper {
  /** False for requests that cost next to nothing and must always be answered, such as health checks. */
  isWork(exchange: Exchange): boolean;
  /** Work that is admitted first when not all can be. */
  isPreferred(exchange: Exchange): boolean;
  /** Counts a request before its body is read. Rejects with an AppError for one over the limit. */
  count(exchange: Exchange): Promise<unknown>;
  readonly admission: Admission;
  readonly refusals: PacedRefusals;
}

/** The parts of the way in. */
export interface WayIn {
  readonly log: Logger;
  readonly addressOf: ClientAddress;
  readonly edge: Edge;
  readonly door: Doorkeeper | undefined;
  readonly bodies: BodyLimits;
  readonly operations: Operations | undefined;
  readonly route: RequestHandler;
}

/**
 * The path of every request: the edge, the door, its body, the operations or the routes, and finally a log line. A
 * refusal on this path costs no more than reading the headers: a request is counted before its body is read, and
 * admitted before that is parsed.
 */
export function oneWayIn(parts: WayIn): RequestHandler {
  const { log, addressOf, edge, door } = parts;
  const note = createAccessLog(log);
  const open = (request: IncomingMessage, response: ServerResponse): Exchange => {
    const exchange = new Exchange(request, response, { log, addressOf, headers: edge.headers });
    response.on('close', () => {
      exchange.closed();
      note(exchange);
    });
    return exchange;
  };
  return holdPipelines(
    (request, response) => {
      const exchange = open(request, response);
      if (!edge.admit(exchange)) return;
      const working = door?.isWork(exchange) === true ? door : undefined;
      if (working && !working.admission.hasRoom(working.isPreferred(exchange))) {
        turnAway(exchange, working);
        return;
      }
      pass(exchange, working, parts).catch((error: unknown) => {
        exchange.fail(error);
      });
    },
    (request, response) => {
      answerError(open(request, response), {
        code: 'OVERLOADED',
        message: 'Too many requests of this connection are waiting for a response.',
        headers: ['retry-after', '1'],
      });
    },
  );
}

async function pass(
  exchange: Exchange,
  door: Doorkeeper | undefined,
  { bodies, operations, route }: WayIn,
): Promise<void> {
  await receive(exchange, door, bodies);
  if (!exchange.refusal && door) {
    const place = door.admission.enter(door.isPreferred(exchange));
    if (!place) {
      turnAway(exchange, door);
      return;
    }
    exchange.leave = place.leave;
    exchange.response.on('prefinish', place.leave);
  }
  if (operations?.takes(exchange) === true) {
    await operations.answer(exchange);
    return;
  }
  exchange.leaveToRoutes();
  route(exchange.request, exchange.response);
}

/** Counts the request, then reads its body. An error of either becomes the exchange's refusal. */
async function receive(
  exchange: Exchange,
  door: Doorkeeper | undefined,
  bodies: BodyLimits,
): Promise<void> {
  const { request, response } = exchange;
  // Listens from the start; otherwise pieces would pile up unjoined while the request is counted.
  const body = hasBody(request) ? readBody(request, bodies) : undefined;
  try {
    if (door) await door.count(exchange);
    if (!body) return;
    if (body.isWanted && request.headers.expect !== undefined) response.writeContinue();
    exchange.body = await body.whole;
  } catch (error) {
    body?.stop();
    exchange.refusal = error instanceof Error ? error : new Error(String(error));
    // The rest of the body is not worth reading.
    if (body && !request.complete) exchange.addHeader('connection', 'close');
  }
}

function turnAway(exchange: Exchange, { admission, refusals }: Doorkeeper): void {
  admission.noteTurnedAway();
  exchange.isTurnedAway = true;
  refusals.add(() => {
    if (exchange.response.destroyed) return;
    answerError(exchange, {
      code: 'OVERLOADED',
      message: 'The service is at its capacity; try again.',
      headers: ['retry-after', '1'],
    });
  });
}
