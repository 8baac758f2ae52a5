import { qualityOf, type MediaRange, readMediaRanges } from '../../common/media-ranges.ts';
import { inMultipart, multipartType } from './multipart.ts';
import { StreamTexts } from './stream-texts.ts';
import type { StreamItem, SubscriptionStream } from './subscription-stream.ts';

/** How the events of a subscription are written over HTTP. */
export interface EventFormat {
  readonly contentType: string;
  /** The body, a text for each write. Returning ends the stream at once. */
  readonly write: (stream: SubscriptionStream) => AsyncIterator<string, undefined>;
}

/** The media type of server-sent events. */
export const eventStreamType = 'text/event-stream; charset=utf-8';

/** A whole response as events of graphql-sse's distinct connections mode: one result, and the end. */
export function sseOf(json: string): string {
  return `event: next\ndata: ${json}\n\n${completed}`;
}

const completed = 'event: complete\ndata:\n\n';

/** The distinct connections mode of graphql-sse. */
const serverSentEvents: EventFormat = {
  contentType: eventStreamType,
  write: (stream) => new StreamTexts(stream, { textOf: sseTextOf }),
};

function sseTextOf(item: StreamItem): string {
  switch (item.kind) {
    case 'next':
      return `event: next\ndata: ${item.json}\n\n`;
    case 'heartbeat':
      return ':\n\n';
    case 'end':
      return item.json === undefined ? completed : sseOf(item.json);
  }
}

const multipartSpec = 'subscriptionSpec=1.0';

/** A part that clients take for a heartbeat; the first one shows them that the stream is open. */
const heartbeat = '{}';

/** The multipart subscription protocol of Apollo Client, version 1.0. */
const multipartEvents: EventFormat = {
  contentType: multipartType(multipartSpec),
  write: (stream) => {
    const texts = new StreamTexts(stream, { opening: heartbeat, textOf: partOf });
    return inMultipart(texts)[Symbol.asyncIterator]();
  },
};

function partOf(item: StreamItem): string | undefined {
  switch (item.kind) {
    case 'next':
      return `{"payload":${item.json}}`;
    case 'heartbeat':
      return heartbeat;
    case 'end':
      return item.json === undefined ? undefined : fatalPartOf(item.json);
  }
}

/** Errors that end a stream stand beside the payload: they are not those of an event. */
function fatalPartOf(json: string): string {
  const { errors } = JSON.parse(json) as { readonly errors?: readonly unknown[] };
  return JSON.stringify({ payload: null, errors });
}

/** The format of events that a client asks for by name; `undefined` for one that takes no events. */
export function acceptedEvents(accept: string | undefined): EventFormat | undefined {
  if (accept === undefined) return undefined;
  const ranges = readMediaRanges(accept);
  let best: EventFormat | undefined;
  let bestQuality = 0;
  for (const [format, isMeant] of formats) {
    const quality = qualityOf(ranges, isMeant);
    if (quality <= bestQuality) continue;
    best = format;
    bestQuality = quality;
  }
  return best;
}

/** The preferred one first. */
const formats: readonly (readonly [EventFormat, (range: MediaRange) => boolean])[] = [
  [serverSentEvents, ({ type }) => type === 'text/event-stream'],
  [
    multipartEvents,
    ({ type, parameters }) => type === 'multipart/mixed' && parameters.includes(multipartSpec),
  ],
];
