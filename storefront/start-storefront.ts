import { resolve } from 'node:path';
import { createLogger, type LogLevel } from '../common/logger.ts';
import type { Running } from '../common/process.ts';
import { requireFreePorts } from '../common/require-free-ports.ts';
import { readSources } from '../common/setting-sources.ts';
import { valueAt } from '../common/settings-file.ts';
import { type Environment, Faults, readTogether } from '../common/settings.ts';
import { hearPublished } from '../events/hear-published.ts';
import { type EventSettings, loadEventSettings } from '../events/load-settings.ts';
import { openEvents } from '../events/open-events.ts';
import { openHealthServer } from '../events/open-health-server.ts';
import { type GatewaySettings, loadGatewayConfig } from '../gateway/config/load.ts';
import { createGateway } from '../gateway/gateway.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import { openHome } from '../subgraphs/kit/database/open-home.ts';
import { inventoryOwner } from '../subgraphs/kit/grpc/inventory-contract.ts';
import { inventoryAddressName } from '../subgraphs/kit/grpc/load-inventory-address.ts';
import { loadDatabaseSettings } from '../subgraphs/kit/load-settings.ts';
import { shop } from './shop/shop.ts';
import { subgraphs } from './subgraphs.ts';

/** All services, running in this process. */
export interface Storefront extends Running {
  readonly gatewayUrl: string;
  /** The address of each subgraph, by its name. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  /** The gRPC address of products, as `host:port`. */
  readonly grpcAddress: string;
  /** The gRPC address of orders, as `host:port`. */
  readonly chatAddress: string;
  /** Whether the demonstration accounts can log in. */
  readonly hasDemonstrationData: boolean;
}

/** Options of a start. */
export interface StartOptions {
  /** Called when the embedded database has to be created first. */
  readonly onInitialise?: () => void;
  /** An open database to use instead of the one in the settings. It is closed at the end too. */
  readonly home?: DatabaseHome;
  /** Settings of the gateway and of events that override the settings file, later ones over earlier ones. */
  readonly settings?: readonly GatewaySettings[];
  /** The log level if the settings have none. */
  readonly logLevel?: LogLevel;
}

/**
 * Starts the database, every subgraph, what carries events, and the gateway, and stops them in reverse order.
 * All settings are read before anything starts. Throws StartupError; what had been started is stopped again.
 */
export async function startStorefront(
  given: Environment,
  { home: opened, onInitialise, settings = [], logLevel }: StartOptions = {},
): Promise<Storefront> {
  const environment =
    logLevel === undefined || setsLogLevel(given, settings)
      ? given
      : { ...given, LOG_LEVEL: logLevel };
  const [database, { server, telemetry }, eventSettings, members] = readTogether([
    () => loadDatabaseSettings(environment),
    () => loadGatewayConfig(environment, settings, shop.settings),
    () => loadEventSettings(environment, { given: settings }),
    () =>
      readTogether(subgraphs.map(({ name, prepare }) => () => ({ name, ...prepare(environment) }))),
  ]);

  const { metricsPort } = eventSettings.events;
  const metricsAddress =
    metricsPort === undefined
      ? undefined
      : { host: server.host, port: metricsPort, portSetting: 'events.metricsPort' };
  const addresses = [
    { ...server, portSetting: 'GATEWAY_PORT' },
    ...(metricsAddress ? [metricsAddress] : []),
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
    const home = opened ?? (await openHome(database, log, options));
    started.push({ stop: () => home.close(), waitsFor: () => home.waitsFor() });

    const subgraphUrls = new Map<string, string>();
    let known = environment;
    let grpcAddress = '';
    let chatAddress = '';
    for (const { name, start } of members) {
      const dataDir = resolve(database.dataDir);
      const subgraph = await start({ home, dataDir, environment: known });
      started.push(subgraph);
      subgraphUrls.set(name, subgraph.url);
      if (name === 'orders') chatAddress = subgraph.companionAddress ?? '';
      if (name !== inventoryOwner) continue;
      // Services that start later find it there, whatever port it uses.
      grpcAddress = subgraph.companionAddress ?? '';
      known = { ...known, [inventoryAddressName]: grpcAddress };
    }

    const here = (address: EventSettings['users']) => ({
      ...address,
      url: `${subgraphUrls.get(address.name) ?? ''}/graphql`,
    });
    const { users, orders } = eventSettings;
    const eventsLog = createLogger('events', telemetry.logLevel);
    const events = await openEvents({
      home,
      settings: { ...eventSettings, users: here(users), orders: here(orders) },
      dataDir: resolve(database.dataDir),
      isMeasured: metricsAddress !== undefined,
      log: eventsLog,
    });
    started.push(events);
    if (metricsAddress) {
      const health = await openHealthServer({
        address: metricsAddress,
        askDatabase: () => home.ask(),
        missing: () => events.missing(),
        metrics: () => events.metrics(),
        log: eventsLog,
      });
      started.push({
        stop: () => {
          health.leave();
          return health.close();
        },
      });
    }

    const demonstration = await Promise.all(
      subgraphs.map((subgraph) => subgraph.hasDemonstrationData(home)),
    );
    const gateway = await createGateway(
      loadGatewayConfig(environment, settings, {
        ...shop.settings,
        ...placesOf(subgraphUrls, grpcAddress),
      }),
      // A broker is heard by the settings of the gateway.
      {
        application: shop,
        ...(isInDatabase(eventSettings) && { hearEvents: hearPublished(home) }),
      },
    );
    started.push(gateway);
    return {
      gatewayUrl: gateway.url,
      subgraphUrls,
      grpcAddress,
      chatAddress,
      hasDemonstrationData: demonstration.every(Boolean),
      stop,
      waitsFor,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether events go by the database, and by no broker. */
function isInDatabase({ events: { amqpUrl, kafkaBrokers } }: EventSettings): boolean {
  return amqpUrl === undefined && kafkaBrokers === undefined;
}

/** Invalid settings are reported later, by the loaders that check all of them. */
function setsLogLevel(environment: Environment, settings: readonly GatewaySettings[]): boolean {
  const { values } = readSources(environment, new Faults(), { given: settings });
  return valueAt(values, ['telemetry', 'logLevel']) !== undefined;
}

/** The gateway finds the subgraphs of this process where they listen, unless the operator sets another address. */
function placesOf(urls: ReadonlyMap<string, string>, grpcAddress: string): GatewaySettings {
  const each = Object.fromEntries(
    [...urls].map(([name, url]) => [
      name,
      { url: `${url}/graphql`, ...(name === inventoryOwner && { grpcAddress }) },
    ]),
  );
  const issuer = urls.get('users');
  return {
    subgraphs: { each },
    ...(issuer !== undefined && {
      accessTokens: { jwksUrl: `${issuer}/.well-known/jwks.json` },
    }),
  };
}
