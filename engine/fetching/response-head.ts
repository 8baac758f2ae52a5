import { callIdHeader } from '../../common/call-headers.ts';
import { correlationHeader } from '../../common/correlation.ts';
import { contentHeaderMaxLength, readGraphQLType } from './media-type.ts';

/** The longest `Cache-Control` that is read; a longer one means that the response must not be cached. */
const cacheControlMaxLength = 1_024;

/** The status and the six headers that decide whether a response body is read. */
export class ResponseHead {
  readonly cacheControl: string | undefined;
  /** The id of the call that this response names, if the subgraph sends it. */
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
      // The length rules out other headers without reading their names.
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
   * Why the body must not be read, as the rest of a sentence that starts with the subgraph; `undefined` when there is
   * no problem. When the response names a request, its correlation id must match.
   */
  problem(maxBytes: number, correlationId: string | undefined): string | undefined {
    const { status, contentType, contentEncoding, contentLength } = this;
    // A surplus response stays on the connection, and would be taken for the response to the next request on it.
    if (
      this.correlationId !== undefined &&
      this.correlationId !== (correlationId ?? this.correlationId)
    ) {
      return 'answered a different request.';
    }
    if (status >= 300 && status < 400) {
      return `answered with a redirect (${status}), which is never followed.`;
    }
    if (status === 401 || status === 403) return `refused the gateway with status ${status}.`;
    const kind = contentType === undefined ? undefined : readGraphQLType(contentType);
    if (kind === undefined) {
      return `answered with ${describe(contentType)} and status ${status}; expected JSON.`;
    }
    // GraphQL over HTTP §6.4: only this media type promises a GraphQL response in the body of a failure.
    if (status >= 500 && kind !== 'graphql') return `answered with status ${status}.`;
    if (contentEncoding !== undefined && !isIdentity(contentEncoding)) {
      return `answered with content encoding ${JSON.stringify(contentEncoding.slice(0, 100))}; expected none.`;
    }
    return Number(contentLength) > maxBytes
      ? `announced ${contentLength} bytes; at most ${maxBytes} are read.`
      : undefined;
  }
}

/** A repeated header is a list (RFC 9110 §5.3); a header that must not be a list is then rejected by its reader. */
function joined(before: string | undefined, bytes: Buffer | undefined): string {
  const text = bytes?.toString('latin1') ?? '';
  return before === undefined || before === text ? text : `${before}, ${text}`;
}

/** True when a list of content codings leaves the content unchanged (RFC 9110 §8.4). */
function isIdentity(contentEncoding: string): boolean {
  if (contentEncoding.length > contentHeaderMaxLength) return false;
  return contentEncoding
    .split(',')
    .every((coding) => ['', 'identity'].includes(coding.trim().toLowerCase()));
}

function describe(contentType: string | undefined): string {
  return contentType === undefined
    ? 'no content type'
    : `content type ${JSON.stringify(contentType.slice(0, 100))}`;
}

function isName(bytes: Buffer, name: string): boolean {
  return bytes.toString('latin1').toLowerCase() === name;
}
