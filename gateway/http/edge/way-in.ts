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

/** What answers operations, in front of the server's routes. */
export interface Operations {
  /** Whether an exchange is for it; the routes answer the others. */
  takes(exchange: Exchange): boolean;
  answer(exchange: Exchange): Promise<void>;
}

/** Decides which requests are work, counts them, and lets them in. */
export interface Doorkeeper {
  /** False for what costs next to nothing and has to be answered always, such as health. */
  isWork(exchange: Exchange): boolean;
  /** Work that is let in before other, where not all can be. */
  isPreferred(exchange: Exchange): boolean;
  /** Counts a request, before its body is looked at. Rejects with an AppError for one too many. */
  count(exchange: Exchange): Promise<unknown>;
  readonly admission: Admission;
  readonly refusals: PacedRefusals;
}

/** What the way in is made of. */
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
 * The way of every request: the edge, the door, its body, the operations or the routes; and at its end a line in the log. What is
 * refused on the way costs no more than the headers: it is counted before its body is read, and let in before that is
 * parsed.
 */
export function oneWayIn(parts: WayIn): RequestHandler {
  const { log, addressOf, edge, door } = parts;
  const note = createAccessLog(log);
  const open = (request: IncomingMessage, response: ServerResponse): Exchange => {
    const exchange = new Exchange(request, response, { log, addressOf, headers: edge.headers });
    response.once('close', () => note(exchange));
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
        exchange.log.error({ err: error }, 'request failed');
        response.destroy();
      });
    },
    (request, response) => {
      answerError(open(request, response), {
        code: 'OVERLOADED',
        message: 'Too many requests of this connection wait for their answers.',
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
    exchange.response.once('prefinish', place.leave).once('close', place.leave);
  }
  if (operations?.takes(exchange) === true) {
    await operations.answer(exchange);
    return;
  }
  exchange.leaveToRoutes();
  route(exchange.request, exchange.response);
}

/** Counts the request, then takes its body. What is wrong with either is the exchange's refusal. */
async function receive(
  exchange: Exchange,
  door: Doorkeeper | undefined,
  bodies: BodyLimits,
): Promise<void> {
  const { request, response } = exchange;
  // Listens from the start, or pieces would pile up unjoined while the request is counted.
  const body = hasBody(request) ? readBody(request, bodies) : undefined;
  try {
    if (door) await door.count(exchange);
    if (!body) return;
    if (body.isWanted && request.headers.expect !== undefined) response.writeContinue();
    exchange.body = await body.whole;
  } catch (error) {
    body?.stop();
    exchange.refusal = error instanceof Error ? error : new Error(String(error));
    // The rest of the body is not worth to be read.
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
