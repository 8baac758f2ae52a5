import { z } from 'zod';
import { drainTimes } from '../../common/drain-times.ts';
import { text, wholeNumber } from '../../common/setting-values.ts';

/** Where the gateway listens, and limits on what a client may cost before its request is examined. */
export const serverSection = z
  .strictObject({
    host: text
      .default('127.0.0.1')
      .describe(
        'The address to listen on, for subgraphs too. In development, other machines must not be able to reach it.',
      ),
    port: wholeNumber(0, 65_535)
      .default(4000)
      .describe('The port of the gateway; 0 picks a free one.'),
    maxConnections: wholeNumber(1, 1_000_000)
      .default(2_000)
      .describe('The maximum number of client connections.'),
    bodyLimitBytes: wholeNumber(1_024, 64 * 1024 * 1024)
      .default(256 * 1024)
      .describe('The maximum size of a request body.'),
    bodiesMaxBytes: wholeNumber(64 * 1024, 16 * 1024 * 1024 * 1024)
      .default(32 * 1024 * 1024)
      .describe(
        'The memory for all partly received bodies; a body that arrives in one piece does not count.',
      ),
    minInFlight: wholeNumber(1, 100_000)
      .default(32)
      .describe(
        'The concurrent requests that are always admitted, however slow responses have become.',
      ),
    maxInFlight: wholeNumber(1, 100_000)
      .default(512)
      .describe('The maximum number of concurrent requests.'),
    headersTimeoutMs: wholeNumber(10, 600_000)
      .default(10_000)
      .describe('How long a client may take to send all its headers.'),
    receiveTimeoutMs: wholeNumber(10, 600_000)
      .default(15_000)
      .describe('How long a client may take to send its whole request.'),
    sendTimeoutMs: wholeNumber(10, 600_000)
      .default(15_000)
      .describe(
        'How long a client may take to receive a response before its connection is destroyed.',
      ),
    hstsMaxAgeSeconds: wholeNumber(0, 63_072_000)
      .default(0)
      .describe(
        'For how long browsers must use TLS (`Strict-Transport-Security`); 0 omits the header, which is right without TLS.',
      ),
    requestTimeoutMs: wholeNumber(1, 600_000)
      .default(8_000)
      .describe('The timeout from a request to its response.'),
    ...drainTimes,
  })
  .refine((server) => server.minInFlight <= server.maxInFlight, {
    path: ['minInFlight'],
    error: 'may not be more than server.maxInFlight',
  })
  .describe(
    'Where the gateway listens, and limits on what a client may cost before its request is examined.',
  );
