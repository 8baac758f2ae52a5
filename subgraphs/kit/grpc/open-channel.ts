import {
  type CallOptions as GrpcCallOptions,
  Client,
  type ClientReadableStream,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { correlationHeader } from '../../../common/correlation.ts';
import { AppError } from '../../../common/errors.ts';
import {
  serviceIdentityHeader,
  type ServiceIdentitySigner,
} from '../../../common/service-identity.ts';
import { traceparentHeader } from '../../../common/trace-context.ts';
import { serviceOf } from './service-of.ts';

/** The request on whose behalf a call is made. */
export interface CallTrace {
  readonly correlationId: string;
  readonly traceparent: string;
}

/** What a call carries besides its request. */
export interface CallOptions {
  readonly trace: CallTrace;
  readonly deadlineMs: number;
  /** Further metadata, such as the signed identity of a viewer. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Cancels the call when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * A channel to one service of another subgraph. `TMethods` has the requests and responses of its methods with one
 * response, by their names; `TStreams` those of its methods with a stream of them.
 */
export interface Channel<TMethods, TStreams = object> {
  /**
   * Calls a method and waits at most this long. Rejects with AppError SUBGRAPH_TIMEOUT when there is no response in
   * time, and SUBGRAPH_ERROR for any other failure: `statusOf` has its status.
   */
  call<TName extends keyof TMethods & string>(
    method: TName,
    request: RequestOf<TMethods, TName>,
    options: CallOptions,
  ): Promise<ResponseOf<TMethods, TName>>;
  /**
   * Calls a method with a stream of responses, which are received as they are read. The call is cancelled when the reader
   * stops before the end. Fails as `call` does.
   */
  stream<TName extends keyof TStreams & string>(
    method: TName,
    request: RequestOf<TStreams, TName>,
    options: CallOptions,
  ): AsyncIterable<ResponseOf<TStreams, TName>>;
  /** Ends all connections. */
  close(): void;
}

type RequestOf<TMethods, TName extends keyof TMethods> = TMethods[TName] extends {
  readonly request: infer TRequest;
}
  ? TRequest
  : never;
type ResponseOf<TMethods, TName extends keyof TMethods> = TMethods[TName] extends {
  readonly response: infer TResponse;
}
  ? TResponse
  : never;

/** Where a service is, and who calls it. */
export interface ChannelOptions {
  /** `host:port`; each address of a name with several is a server, and they take turns. */
  readonly address: string;
  readonly definition: PackageDefinition;
  readonly service: string;
  /** The subgraph that serves it, for error messages. */
  readonly owner: string;
  readonly signIdentity: ServiceIdentitySigner;
  /** Its methods that are not safe to retry; by default there is none. */
  readonly notRetried?: readonly string[];
}

const messageMaxBytes = 1024 * 1024;

/** Timeouts of the connection; the rest is up to each call's deadline. */
const channelOptions = {
  'grpc.max_receive_message_length': messageMaxBytes,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.dns_min_time_between_resolutions_ms': 5_000,
  // Internal services are not called through a proxy set in the environment.
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
};

/**
 * Opens a channel, which connects with the first call. A method that is safe to retry is called up to four times when
 * a server is unavailable, as long as most calls succeed (gRFC A6). Any call that has not left this process is retried.
 */
export function openChannel<TMethods, TStreams = object>({
  address,
  definition,
  service,
  owner,
  signIdentity,
  notRetried = [],
}: ChannelOptions): Channel<TMethods, TStreams> {
  const methods = new Map<string, MethodDefinition<unknown, unknown>>(
    Object.entries(serviceOf(definition, service)),
  );
  const retried = [...methods.keys()].filter((name) => !notRetried.includes(name));
  const client = new Client(`dns:///${address}`, credentials.createInsecure(), {
    ...channelOptions,
    'grpc.service_config': JSON.stringify(serviceConfigOf(service, retried)),
  });
  const methodOf = (name: string): MethodDefinition<unknown, unknown> => {
    const method = methods.get(name);
    if (!method) throw new Error(`${service} has no method ${name}.`);
    return method;
  };
  const metadataOf = ({ trace, metadata: further = {} }: CallOptions): Metadata => {
    const metadata = new Metadata();
    metadata.set(serviceIdentityHeader, signIdentity());
    metadata.set(correlationHeader, trace.correlationId);
    metadata.set(traceparentHeader, trace.traceparent);
    for (const [name, value] of Object.entries(further)) metadata.set(name, value);
    return metadata;
  };
  return {
    call(name, request, options) {
      const { path, requestSerialize, responseDeserialize } = methodOf(name);
      return new Promise((resolve, reject) => {
        const call = client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadataOf(options),
          deadlineOf(options),
          (error, response) => {
            leave();
            if (error) reject(toAppError(error, owner, options.deadlineMs));
            else resolve(response as ResponseOf<TMethods, typeof name>);
          },
        );
        const leave = cancelWith(call, options.signal);
      });
    },
    async *stream(name, request, options) {
      const { path, requestSerialize, responseDeserialize } = methodOf(name);
      const call: ClientReadableStream<unknown> = client.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadataOf(options),
        deadlineOf(options),
      );
      // A cancelled call reports that as an error, also when its reader has left.
      call.on('error', () => undefined);
      const leave = cancelWith(call, options.signal);
      try {
        for await (const response of call) {
          yield response as ResponseOf<TStreams, typeof name>;
        }
      } catch (error) {
        throw toAppError(error as ServiceError, owner, options.deadlineMs);
      } finally {
        leave();
        call.cancel();
      }
    },
    close: () => {
      client.close();
    },
  };
}

/** The status with which a call failed; undefined for any other error. */
export function statusOf(
  error: unknown,
): { readonly code: status; readonly details: string } | undefined {
  const cause = error instanceof AppError ? error.cause : undefined;
  if (!(cause instanceof Error) || !('code' in cause) || !('details' in cause)) return undefined;
  const { code, details } = cause as ServiceError;
  return { code, details };
}

/** The error for a part of a call: the same as for a call that ends with this status. */
export function failedPart(
  { code, details }: { readonly code: number; readonly details: string },
  owner: string,
  deadlineMs: number,
): AppError {
  const cause = Object.assign(new Error(`${code} ${status[code]}: ${details}`), { code, details });
  return toAppError(cause, owner, deadlineMs);
}

function deadlineOf({ deadlineMs }: CallOptions): GrpcCallOptions {
  return { deadline: Date.now() + deadlineMs };
}

/** Cancels a call when the signal is aborted. Returns a function for the end of the call. */
function cancelWith(call: { cancel(): void }, signal: AbortSignal | undefined): () => void {
  const cancel = (): void => {
    call.cancel();
  };
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  return () => signal?.removeEventListener('abort', cancel);
}

function serviceConfigOf(service: string, retried: readonly string[]): object {
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [
      {
        name: retried.map((method) => ({ service, method })),
        retryPolicy: {
          maxAttempts: 4,
          initialBackoff: '0.05s',
          maxBackoff: '0.5s',
          backoffMultiplier: 2,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
    retryThrottling: { maxTokens: 20, tokenRatio: 0.2 },
  };
}

function toAppError(
  error: Error & { readonly code: number },
  owner: string,
  deadlineMs: number,
): AppError {
  return error.code === (status.DEADLINE_EXCEEDED as number)
    ? new AppError(
        'SUBGRAPH_TIMEOUT',
        `Subgraph "${owner}" did not answer within ${deadlineMs} ms.`,
        {
          cause: error,
        },
      )
    : new AppError('SUBGRAPH_ERROR', `Subgraph "${owner}" failed to answer.`, { cause: error });
}
