import { resolve } from 'node:path';
import { createLogger } from '../common/logger.ts';
import type { Running } from '../common/process.ts';
import { requireFreePorts } from '../common/require-free-ports.ts';
import { variableNameOf } from '../common/setting-names.ts';
import { type Environment, readTogether } from '../common/settings.ts';
import { loadGatewayConfig } from '../gateway/config/load.ts';
import { createGateway } from '../gateway/gateway.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import { openHome } from '../subgraphs/kit/database/open-home.ts';
import { inventoryOwner } from '../subgraphs/kit/grpc/inventory-contract.ts';
import { inventoryAddressName } from '../subgraphs/kit/grpc/load-inventory-address.ts';
import { loadDatabaseSettings } from '../subgraphs/kit/load-settings.ts';
import { subgraphs } from './subgraphs.ts';

/** All services, running in this process. */
export interface Storefront extends Running {
  readonly gatewayUrl: string;
  /** The address of each subgraph, by its name. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  /** Where products serves gRPC, as `host:port`. */
  readonly grpcAddress: string;
  /** Whether everybody can log in with the demonstration accounts. */
  readonly hasDemonstrationData: boolean;
}

/** What a caller may add to a start. */
export interface StartOptions {
  /** Told when the embedded database has to be made first. */
  readonly onInitialise?: () => void;
  /** An open database, instead of the one that the settings name. It is closed at the end all the same. */
  readonly home?: DatabaseHome;
}

/**
 * Starts the database, every subgraph and the gateway, each listening on its own port, and stops them in the opposite
 * order. All settings are read before anything starts. Throws StartupError; what had started is stopped again.
 */
export async function startStorefront(
  environment: Environment,
  { home: given, onInitialise }: StartOptions = {},
): Promise<Storefront> {
  const [database, { server, telemetry }, members] = readTogether([
    () => loadDatabaseSettings(environment),
    () => loadGatewayConfig(environment),
    () =>
      readTogether(subgraphs.map(({ name, prepare }) => () => ({ name, ...prepare(environment) }))),
  ]);

  const addresses = [
    { ...server, portSetting: 'GATEWAY_PORT' },
    ...members.flatMap((member) => member.addresses),
  ];
  const started: Running[] = [];
  const stop = async (): Promise<void> => {
    for (let last = started.at(-1); last; last = started.at(-1)) {
      await last.stop();
      started.pop();
    }
  };
  const waitsFor = (): readonly string[] => started.at(-1)?.waitsFor?.() ?? [];
  try {
    const log = createLogger('database', telemetry.logLevel);
    const options = {
      beforeOpening: () => requireFreePorts(addresses),
      ...(onInitialise && { onInitialise }),
    };
    const home = given ?? (await openHome(database, log, options));
    started.push({ stop: () => home.close(), waitsFor: () => home.waitsFor() });

    const subgraphUrls = new Map<string, string>();
    let known = environment;
    let grpcAddress = '';
    for (const { name, start } of members) {
      const dataDir = resolve(database.dataDir);
      const subgraph = await start({ home, dataDir, environment: known });
      started.push(subgraph);
      subgraphUrls.set(name, subgraph.url);
      if (name !== inventoryOwner) continue;
      // Those that start later find it there, whatever port it took.
      grpcAddress = subgraph.companionAddress ?? '';
      known = { ...known, [inventoryAddressName]: grpcAddress };
    }

    const demonstration = await Promise.all(
      subgraphs.map((subgraph) => subgraph.hasDemonstrationData(home)),
    );
    const gateway = await createGateway(loadGatewayConfig(withUrls(environment, subgraphUrls)));
    started.push(gateway);
    return {
      gatewayUrl: gateway.url,
      subgraphUrls,
      grpcAddress,
      hasDemonstrationData: demonstration.every(Boolean),
      stop,
      waitsFor,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The gateway finds the subgraphs of this process where they listen, unless the operator says otherwise. */
function withUrls(environment: Environment, urls: ReadonlyMap<string, string>): Environment {
  const found: Record<string, string> = {};
  for (const [name, url] of urls) found[`SUBGRAPH_${variableNameOf(name)}_URL`] = `${url}/graphql`;
  const issuer = urls.get('users');
  if (issuer !== undefined) found.JWKS_URL = `${issuer}/.well-known/jwks.json`;
  return { ...found, ...environment };
}
