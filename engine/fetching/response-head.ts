import { callIdHeader } from '../../common/call-headers.ts';
import { correlationHeader } from '../../common/correlation.ts';
import { contentHeaderMaxLength, readGraphQLType } from './media-type.ts';

/** The most characters of a `Cache-Control` that are looked at; a longer one forbids to keep the response. */
const cacheControlMaxLength = 1_024;

/** What a call looks at before it reads a response: the status, and six of its headers as undici has them. */
export class ResponseHead {
  readonly cacheControl: string | undefined;
  /** Which call this answers, where the subgraph says so. */
  readonly callId: string | undefined;
  readonly status: number;
  private readonly contentType: string | undefined;
  private readonly contentEncoding: string | undefined;
  private readonly contentLength: string | undefined;
  private readonly correlationId: string | undefined;

  /** `rawHeaders` alternates names and values. */
  constructor(status: number, rawHeaders: readonly Buffer[]) {
    this.status = status;
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const name = rawHeaders[at];
      // Names of other lengths are none of the six, which spares reading them.
      switch (name?.length) {
        case 9:
          if (isName(name, callIdHeader)) this.callId = joined(this.callId, rawHeaders[at + 1]);
          break;
        case 12:
          if (isName(name, 'content-type'))
            this.contentType = joined(this.contentType, rawHeaders[at + 1]);
          break;
        case 13:
          if (isName(name, 'cache-control'))
            this.cacheControl = joined(this.cacheControl, rawHeaders[at + 1]);
          break;
        case 14:
          if (isName(name, 'content-length'))
            this.contentLength = joined(this.contentLength, rawHeaders[at + 1]);
          break;
        case 16:
          if (isName(name, 'content-encoding'))
            this.contentEncoding = joined(this.contentEncoding, rawHeaders[at + 1]);
          else if (isName(name, correlationHeader))
            this.correlationId = joined(this.correlationId, rawHeaders[at + 1]);
          break;
        default:
      }
    }
    if ((this.cacheControl?.length ?? 0) > cacheControlMaxLength) this.cacheControl = 'no-store';
  }

  /**
   * Why the body is not worth reading, as the end of a sentence that begins with the subgraph; else `undefined`. Where
   * the subgraph names the request that it answers, it must be the one with that correlation id.
   */
  problem(maxBytes: number, correlationId: string | undefined): string | undefined {
    const { status, contentType, contentEncoding, contentLength } = this;
    // A reply too many stays on the connection, and would go to whoever asks next on it.
    if (
      this.correlationId !== undefined &&
      this.correlationId !== (correlationId ?? this.correlationId)
    ) {
      return 'answered another request than the one it was asked.';
    }
    if (status >= 300 && status < 400) {
      return `answered with a redirect (${status}), which is never followed.`;
    }
    if (status === 401 || status === 403) return `refused the gateway with status ${status}.`;
    const kind = contentType === undefined ? undefined : readGraphQLType(contentType);
    if (kind === undefined) {
      return `answered ${describe(contentType)} with status ${status}; expected JSON.`;
    }
    // GraphQL over HTTP §6.4: only this media type promises that the body of a failure is a GraphQL response.
    if (status >= 500 && kind !== 'graphql') return `answered with status ${status}.`;
    if (contentEncoding !== undefined && !isIdentity(contentEncoding)) {
      return `answered in the encoding ${JSON.stringify(contentEncoding.slice(0, 100))}; expected none.`;
    }
    return Number(contentLength) > maxBytes
      ? `announced ${contentLength} bytes; at most ${maxBytes} are read.`
      : undefined;
  }
}

/** A header that is sent twice is a list (RFC 9110 §5.3); where it may not be one, the reader will not take it. */
function joined(before: string | undefined, bytes: Buffer | undefined): string {
  const text = bytes?.toString('latin1') ?? '';
  return before === undefined || before === text ? text : `${before}, ${text}`;
}

/** True where a list of content codings names none that changes the content (RFC 9110 §8.4). */
function isIdentity(contentEncoding: string): boolean {
  if (contentEncoding.length > contentHeaderMaxLength) return false;
  return contentEncoding
    .split(',')
    .every((coding) => ['', 'identity'].includes(coding.trim().toLowerCase()));
}

function describe(contentType: string | undefined): string {
  return contentType === undefined
    ? 'without a content type'
    : JSON.stringify(contentType.slice(0, 100));
}

function isName(bytes: Buffer, name: string): boolean {
  return bytes.toString('latin1').toLowerCase() === name;
}
