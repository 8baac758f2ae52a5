import {
  Client,
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

/**
 * A channel to one service of another subgraph. `TMethods` has the requests and responses of its methods, by their
 * names.
 */
export interface Channel<TMethods> {
  /**
   * Calls a method and waits at most this long. Rejects with AppError SUBGRAPH_TIMEOUT when there is no response in
   * time, and SUBGRAPH_ERROR for any other failure.
   */
  call<TName extends keyof TMethods & string>(
    method: TName,
    request: RequestOf<TMethods, TName>,
    options: { readonly trace: CallTrace; readonly deadlineMs: number },
  ): Promise<ResponseOf<TMethods, TName>>;
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
 * Opens a channel, which connects with the first call. All methods must be safe to retry: a call that reached no server
 * is made up to four times, as long as most calls succeed (gRFC A6).
 */
export function openChannel<TMethods>({
  address,
  definition,
  service,
  owner,
  signIdentity,
}: ChannelOptions): Channel<TMethods> {
  const methods = new Map<string, MethodDefinition<unknown, unknown>>(
    Object.entries(serviceOf(definition, service)),
  );
  const client = new Client(`dns:///${address}`, credentials.createInsecure(), {
    ...channelOptions,
    'grpc.service_config': JSON.stringify(serviceConfigOf(service)),
  });
  return {
    call(name, request, { trace, deadlineMs }) {
      const method = methods.get(name);
      if (!method) throw new Error(`${service} has no method ${name}.`);
      const metadata = new Metadata();
      metadata.set(serviceIdentityHeader, signIdentity());
      metadata.set(correlationHeader, trace.correlationId);
      metadata.set(traceparentHeader, trace.traceparent);
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          request,
          metadata,
          { deadline: Date.now() + deadlineMs },
          (error, response) => {
            if (error) reject(toAppError(error, owner, deadlineMs));
            else resolve(response as ResponseOf<TMethods, typeof name>);
          },
        );
      });
    },
    close: () => {
      client.close();
    },
  };
}

function serviceConfigOf(service: string): object {
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [
      {
        name: [{ service }],
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

function toAppError(error: ServiceError, owner: string, deadlineMs: number): AppError {
  return error.code === status.DEADLINE_EXCEEDED
    ? new AppError(
        'SUBGRAPH_TIMEOUT',
        `Subgraph "${owner}" did not answer within ${deadlineMs} ms.`,
        {
          cause: error,
        },
      )
    : new AppError('SUBGRAPH_ERROR', `Subgraph "${owner}" failed to answer.`, { cause: error });
}
