import { z } from 'zod';
import { drainTimes } from '../../common/drain-times.ts';
import { text, wholeNumber } from '../../common/setting-values.ts';

/** Where the gateway listens and what a client may cost it before anything is looked at. */
export const serverSection = z
  .strictObject({
    host: text
      .default('127.0.0.1')
      .describe(
        'The address to listen on, for subgraphs too. In development one that no other machine reaches.',
      ),
    port: wholeNumber(0, 65_535)
      .default(4000)
      .describe('The port of the gateway; 0 takes a free one.'),
    maxConnections: wholeNumber(1, 1_000_000)
      .default(2_000)
      .describe('The most connections of clients.'),
    bodyLimitBytes: wholeNumber(1_024, 64 * 1024 * 1024)
      .default(256 * 1024)
      .describe('The largest body of a request.'),
    bodiesMaxBytes: wholeNumber(64 * 1024, 16 * 1024 * 1024 * 1024)
      .default(32 * 1024 * 1024)
      .describe(
        'The bytes of all bodies of which a part has arrived; one that comes whole is not among them.',
      ),
    minInFlight: wholeNumber(1, 100_000)
      .default(32)
      .describe('Requests that are worked on at a time, however slow answers have become.'),
    maxInFlight: wholeNumber(1, 100_000)
      .default(512)
      .describe('The most requests that are worked on at a time.'),
    headersTimeoutMs: wholeNumber(10, 600_000)
      .default(10_000)
      .describe('How long a client may take to send all its headers.'),
    receiveTimeoutMs: wholeNumber(10, 600_000)
      .default(15_000)
      .describe('How long a client may take to send its whole request.'),
    sendTimeoutMs: wholeNumber(10, 600_000)
      .default(15_000)
      .describe(
        'How long a client may take to receive what an answer has for it; then the connection is cut.',
      ),
    hstsMaxAgeSeconds: wholeNumber(0, 63_072_000)
      .default(0)
      .describe(
        'For how long browsers must come back by TLS (`Strict-Transport-Security`); 0 says nothing, as is right where there is no TLS.',
      ),
    requestTimeoutMs: wholeNumber(1, 600_000)
      .default(8_000)
      .describe('The time from a request to its answer.'),
    ...drainTimes,
  })
  .refine((server) => server.minInFlight <= server.maxInFlight, {
    path: ['minInFlight'],
    error: 'may not be more than server.maxInFlight',
  })
  .describe(
    'Where the gateway listens, and what a client may cost it before anything is looked at.',
  );
