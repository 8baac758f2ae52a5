import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { atExpiry } from '../../common/at-expiry.ts';
import { systemClock } from '../../common/clock.ts';
import { closeWithConnection } from '../../common/close-with-connection.ts';
import { AppError, errorCatalogue } from '../../common/errors.ts';
import { qualityOf, readMediaRanges } from '../../common/media-ranges.ts';
import { heldNowhere } from '../../common/write-parts.ts';
import type { ErrorFormat } from '../execution/execute.ts';
import {
  acceptedEvents,
  type EventFormat,
  eventStreamType,
  sseOf,
} from '../streams/event-formats.ts';
import { EventWriter } from '../streams/event-writer.ts';
import type { SubscriptionStream } from '../streams/subscription-stream.ts';
import { Subscriptions } from '../streams/subscriptions.ts';
import { readJsonRequest } from './json-request.ts';
import {
  checkHandlerOptions,
  type HandledRequest,
  handlerDefaults,
  type SubscriptionHandlerOptions,
} from './subscription-handler-options.ts';
import { type Opening, withOpening } from './subscription-opening.ts';

/** Serves subscriptions beside an Apollo Server. */
export interface SubscriptionHandler<TContext extends object> {
  /** Whether a request is from a client that takes events: a POST that accepts one of the two formats. */
  takes(request: IncomingMessage): boolean;
  /** Answers such a request. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends the subscriptions of sessions that have ended, by their context values. */
  endSessions(isMeant: (context: TContext) => boolean): void;
  /** How many subscriptions are open. */
  readonly size: number;
}

/**
 * Creates a handler of subscriptions for an Apollo Server that uses this gateway, over server-sent events and the
 * multipart protocol of Apollo Client. Each passes the server's plugins, validation and formatting once, when it opens.
 * To be called before the server starts. Throws a TypeError for unknown or missing options.
 */
export function createSubscriptionHandler<TContext extends object>(
  options: SubscriptionHandlerOptions<TContext>,
): SubscriptionHandler<TContext> {
  checkHandlerOptions(options);
  return new Handler({ ...handlerDefaults, ...options });
}

type Settings<TContext extends object> = SubscriptionHandlerOptions<TContext> &
  Required<Pick<SubscriptionHandlerOptions<TContext>, keyof typeof handlerDefaults>>;

class Handler<TContext extends object> implements SubscriptionHandler<TContext> {
  private readonly settings: Settings<TContext>;
  private readonly subscriptions: Subscriptions;
  private readonly contexts = new Map<SubscriptionStream, TContext>();

  constructor(settings: Settings<TContext>) {
    this.settings = settings;
    const { gateway, server, eventTimeoutMs, formatError } = settings;
    const format: ErrorFormat = (error) => {
      const formatted = withCode(error);
      return formatError?.(formatted, error) ?? formatted;
    };
    this.subscriptions = new Subscriptions({
      ...{ source: gateway, settings, eventTimeoutMs, format, clock: systemClock },
      onFailure: (error) => {
        gateway.report(error);
      },
    });
    const drainServer = (): Promise<void> => this.subscriptions.stop();
    server.addPlugin({ serverWillStart: () => Promise.resolve({ drainServer }) });
  }

  get size(): number {
    return this.subscriptions.size;
  }

  takes({ method, headers: { accept } }: IncomingMessage): boolean {
    return method === 'POST' && acceptedEvents(accept) !== undefined;
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const format = acceptedEvents(req.headers.accept);
    if (!format) {
      res.writeHead(406).end();
      return;
    }
    closeWithConnection(res);
    try {
      await this.answer({ req, res }, format);
    } catch (error) {
      if (res.headersSent) res.destroy();
      else {
        const { status, json } = refusalOf(error);
        sendOne(req, res, format, status, json);
      }
      if (!(error instanceof AppError || error instanceof GraphQLError))
        this.settings.gateway.report(error);
    }
  }

  endSessions(isMeant: (context: TContext) => boolean): void {
    for (const [stream, context] of [...this.contexts]) {
      if (isMeant(context)) stream.end('session ended');
    }
  }

  private async answer(handled: HandledRequest, format: EventFormat): Promise<void> {
    const { req, res } = handled;
    const { server, context, maxBodyBytes } = this.settings;
    const asked = await readJsonRequest(req, maxBodyBytes);
    const contextValue = await context(handled);
    const opening: Opening = { opened: undefined };
    const http = { method: 'POST', search: '', headers: new HeaderMap(req), body: asked };
    const answer = await server.executeOperation(
      { ...asked, http },
      { contextValue: withOpening(contextValue, opening) },
    );
    const { status = 200, headers } = answer.http;
    for (const [name, value] of headers) res.setHeader(name, value);
    if (opening.opened) {
      const stream = this.open(opening.opened, contextValue, handled);
      res.writeHead(
        200,
        Object.fromEntries(pairs(['content-type', format.contentType, ...heldNowhere])),
      );
      this.write(res, stream, format);
    } else sendOne(req, res, format, status, JSON.stringify(answer.body.singleResult));
  }

  private open(
    { ready, request }: NonNullable<Opening['opened']>,
    context: TContext,
    handled: HandledRequest,
  ): SubscriptionStream {
    const { viewerOf, endsAt, onEnded } = this.settings;
    const stream = this.subscriptions.open(ready, {
      valid: request,
      owner: viewerOf?.(context, handled) ?? handled.req.socket.remoteAddress ?? '',
      sharingKeyOf: ({ subgraph, body, headers }) => JSON.stringify([subgraph, body, headers]),
      atCredentialsEnd: (act) =>
        atExpiry(endsAt?.(context), systemClock, () => {
          act('token expired');
        }),
      onErrors: () => undefined,
      onEnded: (reason, events) => {
        this.contexts.delete(stream);
        onEnded?.(context, reason, events);
      },
    });
    this.contexts.set(stream, context);
    return stream;
  }

  /** Cuts off a client that does not read. */
  private write(res: ServerResponse, stream: SubscriptionStream, format: EventFormat): void {
    const { sendTimeoutMs, gateway } = this.settings;
    let since: number | undefined;
    const looking = setInterval(() => {
      if (!res.writableNeedDrain) since = undefined;
      else if (since === undefined) since = performance.now();
      else if (performance.now() - since >= sendTimeoutMs) res.destroy();
    }, sendTimeoutMs / 4).unref();
    res.once('close', () => {
      clearInterval(looking);
    });
    const fail = (error: unknown): void => {
      gateway.report(error);
    };
    new EventWriter(res, stream, format, { fail }).start();
  }
}

/** The headers of a request as Apollo Server has them: names in any case. */
class HeaderMap extends Map<string, string> {
  constructor({ headers }: IncomingMessage) {
    super();
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
  }

  override get(name: string): string | undefined {
    return super.get(name.toLowerCase());
  }

  override has(name: string): boolean {
    return super.has(name.toLowerCase());
  }
}

function* pairs(flat: readonly string[]): Generator<readonly [string, string]> {
  for (let at = 0; at < flat.length; at += 2) yield [flat[at] ?? '', flat[at + 1] ?? ''];
}

/** Sends a single response: as JSON to a client that accepts it, else as the only event. */
function sendOne(
  { headers: { accept = '' } }: IncomingMessage,
  res: ServerResponse,
  format: EventFormat,
  status: number,
  json: string,
): void {
  const ranges = readMediaRanges(accept);
  const type = jsonTypes.find((each) => qualityOf(ranges, (range) => range.type === each) > 0);
  const isEvent = type === undefined && format.contentType === eventStreamType;
  res
    .writeHead(isEvent ? 200 : status, {
      'content-type': isEvent ? eventStreamType : `${type ?? 'application/json'}; charset=utf-8`,
      'cache-control': 'no-store',
    })
    .end(isEvent ? sseOf(json) : json);
}

/** The first one makes clients read the errors of any status. */
const jsonTypes: readonly string[] = ['application/graphql-response+json', 'application/json'];

function withCode(error: GraphQLError) {
  const formatted = error.toJSON();
  return { ...formatted, extensions: { code: 'INTERNAL_SERVER_ERROR', ...formatted.extensions } };
}

function refusalOf(error: unknown): { readonly status: number; readonly json: string } {
  if (error instanceof AppError) {
    const { code, message } = error;
    return refusal(errorCatalogue[code].status, { message, extensions: { code } });
  }
  if (error instanceof GraphQLError) {
    const { http } = error.extensions as { readonly http?: { readonly status?: number } };
    return refusal(http?.status ?? 400, withCode(error));
  }
  const extensions = { code: 'INTERNAL_SERVER_ERROR' };
  return refusal(500, { message: 'Internal server error', extensions });
}

function refusal(
  status: number,
  error: object,
): { readonly status: number; readonly json: string } {
  return { status, json: JSON.stringify({ errors: [error] }) };
}
