import { qualityOf, type MediaRange, readMediaRanges } from '../../common/media-ranges.ts';
import { bodyPart, multipartType, openingPart, partsEnd } from './multipart.ts';
import type { StreamItem } from './subscription-stream.ts';

/** How the events of a subscription are written over HTTP. */
export interface EventFormat {
  readonly contentType: string;
  /** Written before the first item. */
  readonly opening: string | undefined;
  /** The text of an item, to be written in one piece. */
  readonly textOf: (item: StreamItem) => string;
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
  opening: undefined,
  textOf: sseTextOf,
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
const heartbeatPart = bodyPart(heartbeat);

/** The multipart subscription protocol of Apollo Client, version 1.0. */
const multipartEvents: EventFormat = {
  contentType: multipartType(multipartSpec),
  opening: openingPart(heartbeat),
  textOf: (item) => {
    switch (item.kind) {
      case 'next':
        return bodyPart(`{"payload":${item.json}}`);
      case 'heartbeat':
        return heartbeatPart;
      case 'end':
        return item.json === undefined ? partsEnd : bodyPart(fatalPartOf(item.json)) + partsEnd;
    }
  },
};

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
