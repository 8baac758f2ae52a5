import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation, protoPath as healthProto } from 'grpc-health-check';
import type { Clock } from '../../../common/clock.ts';
import { hostAndPort } from '../../../common/host-and-port.ts';
import type { DrainTimes } from '../../../common/http-drain.ts';
import { type ListenAddress, listenFailure } from '../../../common/listen-failure.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Running } from '../../../common/process.ts';
import { requireFreePorts } from '../../../common/require-free-ports.ts';
import { createHandlers, type Handlers } from './handlers.ts';
import { loadProto } from './load-proto.ts';
import { serviceOf } from './service-of.ts';

/** A service of a server: its description, its full name, and its methods. */
export interface ServedService {
  readonly definition: PackageDefinition;
  readonly name: string;
  readonly methods: (handlers: Handlers) => UntypedServiceImplementation;
}

/** The options of a server. */
export interface GrpcServerOptions {
  readonly address: ListenAddress;
  readonly services: readonly ServedService[];
  readonly drain: DrainTimes;
  readonly clock: Clock;
  readonly log: Logger;
  /** The largest message that is read; 1 MiB by default. */
  readonly messageMaxBytes?: number;
  /** The longest that a stream waits for its reader; a minute by default. */
  readonly readerMaxMs?: number;
  /** Called when no more calls are accepted: ends those that would not end by themselves. */
  readonly onDrain?: () => void;
}

/** A listening gRPC server. */
export interface GrpcServer extends Running {
  /** Its address, as `host:port`. */
  readonly address: string;
}

/** Time for the last responses to be sent. */
const leaveMs = 250;

const defaultMessageMaxBytes = 1024 * 1024;

const channelOptions = {
  'grpc.max_concurrent_streams': 1_000,
  // A peer that has disappeared is noticed within 25 s.
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  // Connections are renewed from time to time, so that they spread over all servers.
  'grpc.max_connection_age_ms': 600_000,
  'grpc.max_connection_age_grace_ms': 600_000,
};

/**
 * Serves services by gRPC, without TLS, and in addition reflection (v1 and v1alpha) and the health service, which are
 * public. `stop` reports NOT_SERVING, finishes calls in flight, then closes. Throws a StartupError when it cannot
 * listen.
 */
export async function openGrpcServer({
  address,
  services,
  drain,
  clock,
  log,
  messageMaxBytes = defaultMessageMaxBytes,
  readerMaxMs,
  onDrain = () => undefined,
}: GrpcServerOptions): Promise<GrpcServer> {
  const calls = new Map<symbol, { readonly path: string; readonly since: number }>();
  let onIdle = (): void => undefined;
  const onCall = (path: string): (() => void) => {
    const call = Symbol(path);
    calls.set(call, { path, since: performance.now() });
    return () => {
      calls.delete(call);
      if (calls.size === 0) onIdle();
    };
  };
  const waitsFor = (): readonly string[] =>
    [...calls.values()]
      .slice(0, 5)
      .map(
        ({ path, since }) => `${path} for ${((performance.now() - since) / 1_000).toFixed(1)} s`,
      );

  const server = new Server({
    ...channelOptions,
    'grpc.max_receive_message_length': messageMaxBytes,
  });
  const handlers = createHandlers({ clock, log, onCall, readerMaxMs });
  const names = ['', ...services.map(({ name }) => name)];
  const health = new HealthImplementation(
    Object.fromEntries(names.map((name) => [name, 'SERVING'])),
  );
  for (const { definition, name, methods } of services) {
    server.addService(serviceOf(definition, name), methods(handlers));
  }
  health.addToServer(server);
  new ReflectionService(togetherWithHealth(services)).addToServer(server);
  const port = await bind(server, address);

  return {
    address: hostAndPort(address.host, port),
    waitsFor,
    async stop() {
      for (const name of names) health.setStatus(name, 'NOT_SERVING');
      if (drain.delayMs > 0) await pause(drain.delayMs);
      onDrain();
      await closed(server, {
        timeoutMs: drain.timeoutMs,
        whenIdle: (act) => {
          onIdle = act;
          if (calls.size === 0) act();
        },
        onLate: () => {
          const waitedFor = waitsFor();
          log.warn({ deadlineMs: drain.timeoutMs, waitedFor }, 'requests in flight are cut off');
        },
      });
    },
  };
}

/** Everything that reflection describes. */
function togetherWithHealth(services: readonly ServedService[]): PackageDefinition {
  const together: PackageDefinition = { ...loadProto(pathToFileURL(healthProto)) };
  for (const { definition } of services) Object.assign(together, definition);
  return together;
}

/**
 * Accepts no more calls, and waits for those in flight. Calls that watch the health or use reflection never end by
 * themselves: they are cut off when no others are left, after the time that the last responses need to be sent.
 */
function closed(
  server: Server,
  {
    timeoutMs,
    whenIdle,
    onLate,
  }: {
    readonly timeoutMs: number;
    readonly whenIdle: (act: () => void) => void;
    readonly onLate: () => void;
  },
): Promise<void> {
  return new Promise((resolve) => {
    let idle: NodeJS.Timeout | undefined;
    const late = setTimeout(() => {
      onLate();
      server.forceShutdown();
    }, timeoutMs);
    server.tryShutdown(() => {
      clearTimeout(late);
      clearTimeout(idle);
      resolve();
    });
    whenIdle(() => {
      idle ??= setTimeout(() => {
        server.forceShutdown();
      }, leaveMs);
    });
  });
}

async function bind(server: Server, address: ListenAddress): Promise<number> {
  // The package only reports the reason as text.
  await requireFreePorts([address]);
  const target = hostAndPort(address.host, address.port);
  return new Promise((resolve, reject) => {
    server.bindAsync(target, ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(listenFailure(error, address));
      else resolve(port);
    });
  });
}
