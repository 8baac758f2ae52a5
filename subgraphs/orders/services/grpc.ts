import type { ChatConfig } from '../../../common/chat-section.ts';
import type { ListenAddress } from '../../../common/listen-failure.ts';
import { createServiceIdentityVerifier } from '../../../common/service-identity.ts';
import { readSources } from '../../../common/setting-sources.ts';
import { valueAt } from '../../../common/settings-file.ts';
import { type Environment, Faults } from '../../../common/settings.ts';
import type { CompanionDefinition } from '../../kit/define-subgraph.ts';
import { type GrpcServer, openGrpcServer } from '../../kit/grpc/open-server.ts';
import type { SubgraphSettings } from '../../kit/load-settings.ts';
import { schemaName } from '../data/tables.ts';
import { loadOrdersSettings } from '../load-settings.ts';
import { type ChatServiceDependencies, serveChat } from './chat-service.ts';

/** A message of 4,000 characters of four bytes, with room for what is around it. */
const messageMaxBytes = 32 * 1024;

const portKey = ['chat', 'grpcPort'] as const;

/**
 * Where orders serves gRPC: at the address of its HTTP server, on its own port. If that server picks any free port
 * and this one is not set, this one does too.
 */
export function grpcAddressOf(
  { host, port: httpPort, mode }: SubgraphSettings,
  environment: Environment,
): ListenAddress {
  const { values } = readSources(environment, new Faults());
  const isSaid = valueAt(values, portKey) !== undefined;
  const { grpcPort } = loadOrdersSettings(environment, mode).chat;
  return { host, port: httpPort === 0 && !isSaid ? 0 : grpcPort, portSetting: portKey.join('.') };
}

/** Serves the chats by gRPC. Its streams end when the server stops. */
export function startGrpc(
  services: Omit<ChatServiceDependencies, 'stopping' | 'limits' | 'verifyService'> & {
    readonly chatLimits: ChatConfig;
  },
  { settings, environment, clock, log }: Parameters<CompanionDefinition<unknown>['start']>[1],
): Promise<GrpcServer> {
  const { identityKeys, drainDelayMs, drainTimeoutMs } = settings;
  const { chatLimits: limits } = services;
  const stopping = new AbortController();
  const verifyService = createServiceIdentityVerifier(schemaName, identityKeys, clock);
  return openGrpcServer({
    address: grpcAddressOf(settings, environment),
    services: [serveChat({ ...services, limits, verifyService, stopping: stopping.signal })],
    drain: { delayMs: drainDelayMs, timeoutMs: drainTimeoutMs },
    messageMaxBytes,
    readerMaxMs: limits.readerMaxMs,
    onDrain: () => {
      stopping.abort();
    },
    clock,
    log,
  });
}
