import { z } from 'zod';
import { text, wholeNumber } from '../../common/setting-values.ts';

/** Where the gateway listens and what a client may cost it before anything is looked at. */
export const serverSection = z
  .strictObject({
    host: text.default('127.0.0.1'),
    /** 0 takes any free port. */
    port: wholeNumber(0, 65_535).default(4000),
    maxConnections: wholeNumber(1, 1_000_000).default(2_000),
    bodyLimitBytes: wholeNumber(1_024, 64 * 1024 * 1024).default(256 * 1024),
    /** The bytes of all bodies of which a part has arrived; one that comes whole is not among them. */
    bodiesMaxBytes: wholeNumber(64 * 1024, 16 * 1024 * 1024 * 1024).default(32 * 1024 * 1024),
    /** Requests that are worked on at a time, however slow answers have become. */
    minInFlight: wholeNumber(1, 100_000).default(32),
    /** The most requests that are worked on at a time. */
    maxInFlight: wholeNumber(1, 100_000).default(512),
    /** Time a client has to send all its headers. */
    headersTimeoutMs: wholeNumber(10, 600_000).default(10_000),
    /** Time a client has to send its whole request. */
    receiveTimeoutMs: wholeNumber(10, 600_000).default(15_000),
    /** Time a client has to take what an answer has for it; then the connection is cut. */
    sendTimeoutMs: wholeNumber(10, 600_000).default(15_000),
    /** For how long browsers must come back by TLS only (HSTS); 0 says nothing, as is right where there is no TLS. */
    hstsMaxAgeSeconds: wholeNumber(0, 63_072_000).default(0),
    /** Time from the request to the answer. */
    requestTimeoutMs: wholeNumber(1, 600_000).default(8_000),
    /** Time that the gateway goes on listening when it is told to stop, not ready any more. */
    drainDelayMs: wholeNumber(0, 17_999).default(0),
    /** Time that requests in flight have after that; the process itself ends after 20 s. */
    drainTimeoutMs: wholeNumber(1, 18_000).default(10_000),
  })
  .refine((server) => server.minInFlight <= server.maxInFlight, {
    path: ['minInFlight'],
    error: 'may not be more than REQUESTS_MAX_IN_FLIGHT',
  });
