import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../../common/clock.ts';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import { createAccessTokenIssuer } from '../../subgraphs/users/services/access-token-issuer.ts';
import { readAccessTokenKeys } from '../../subgraphs/users/services/access-token-keys.ts';
import { freePort } from './free-port.ts';
import { gatewayCommand } from './gateway-command.ts';
import { type StartedProcess, startProcess } from './process.ts';

/** The shop in processes of its own: on PostgreSQL one for each service, in production; else all in one, in development. */
export interface ShopProcesses {
  /** The names of its processes, in the order in which they start. */
  readonly names: readonly string[];
  readonly gatewayUrl: string;
  /** Where its embedded database is. */
  readonly dataDir: string;
  /** An access token of a customer, good for a quarter of an hour. */
  tokenFor(userId: string): string;
  /** Starts a process that does not run, on the same ports each time. */
  start(name: string): Promise<void>;
  /** Ends a process at once, in the middle of whatever it does. */
  kill(name: string): Promise<void>;
  process(name: string): StartedProcess;
  /** Ends all that run and removes their files. */
  stop(): Promise<void>;
}

/** What a shop runs on. */
export interface ShopProcessesOptions {
  /** The folder with the programs as JavaScript. */
  readonly programs: string;
  readonly databaseUrl?: string | undefined;
  readonly amqpUrl?: string | undefined;
  /** What the settings file of all processes has. */
  readonly settings: GatewaySettings;
  /** Called with each line of their logs. */
  readonly onLine?: (line: string) => void;
}

const subgraphs = ['users', 'products', 'orders'] as const;

const listening = /"msg":"listening"/;

/** Prepares a shop: `start` starts each of its processes. */
export async function prepareShop(options: ShopProcessesOptions): Promise<ShopProcesses> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shop-'));
  const gatewayPort = await freePort();
  const chatPort = await freePort();
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const common = {
    GATEWAY_PORT: String(gatewayPort),
    INVENTORY_GRPC_ADDRESS: `127.0.0.1:${await freePort()}`,
    ACCESS_TOKEN_PRIVATE_KEYS: pem,
    ...(options.amqpUrl !== undefined && { AMQP_URL: options.amqpUrl }),
  };
  const programs =
    options.databaseUrl === undefined
      ? oneProgram(common)
      : await programOfEach(common, options.databaseUrl);
  const issue = createAccessTokenIssuer({
    key: readAccessTokenKeys([pem]).signing,
    issuer: 'supergraph-users',
    audience: 'supergraph',
    clock: systemClock,
  });
  const running = new Map<string, StartedProcess>();
  const startedProcess = (name: string): StartedProcess => {
    const found = running.get(name);
    if (!found) throw new Error(`${name} has not been started.`);
    return found;
  };
  return {
    names: [...programs.keys()],
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    dataDir,
    tokenFor: (id) =>
      issue(
        { id, email: `${id}@example.com`, name: 'Bea', role: 'customer', createdAt: new Date(0) },
        randomUUID(),
      ),
    async start(name) {
      const program = programs.get(name);
      if (!program) throw new Error(`There is no ${name}.`);
      const environment = { ...program.environment, DATA_DIR: dataDir };
      const { chat = {}, events = {}, ...others } = options.settings;
      const settings = {
        ...others,
        chat: { grpcPort: chatPort, ...chat },
        // A test waits for what consumers do, on a machine that is always busy.
        events: { giveWayMs: 0, ...events },
      };
      const started = startProcess(program.script, environment, {
        ...{ programs: options.programs, settings },
        flags: program.flags ?? [],
      });
      running.set(name, started);
      if (options.onLine) createInterface(started.child.stdout).on('line', options.onLine);
      await started.waitFor(program.isUp);
    },
    async kill(name) {
      await startedProcess(name).end('SIGKILL');
    },
    process: startedProcess,
    async stop() {
      for (const each of [...running.values()].reverse()) await each.end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

interface Program {
  readonly script: string;
  /** Arguments of Node.js, as the image has them. */
  readonly flags?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What it prints when it can be used. */
  readonly isUp: RegExp;
}

function oneProgram(common: Readonly<Record<string, string>>): ReadonlyMap<string, Program> {
  const environment = {
    ...common,
    DEMO_DATA: 'false',
    USERS_PORT: '0',
    PRODUCTS_PORT: '0',
    ORDERS_PORT: '0',
  };
  const isUp = /The supergraph is up/;
  return new Map([['shop', { script: 'storefront/main.ts', environment, isUp }]]);
}

async function programOfEach(
  common: Readonly<Record<string, string>>,
  databaseUrl: string,
): Promise<ReadonlyMap<string, Program>> {
  const environment: Record<string, string> = {
    ...common,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    EVENTS_PORT: '0',
  };
  for (const name of subgraphs) {
    const port = await freePort();
    const prefix = name.toUpperCase();
    environment[`${prefix}_PORT`] = String(port);
    environment[`SUBGRAPH_${prefix}_URL`] = `http://127.0.0.1:${port}/graphql`;
    environment[`SUBGRAPH_${prefix}_IDENTITY_KEY`] = randomBytes(32).toString('hex');
    if (name === 'users') environment.JWKS_URL = `http://127.0.0.1:${port}/.well-known/jwks.json`;
  }
  const program = (script: string, isUp: RegExp): Program => ({ script, environment, isUp });
  const flags = (await gatewayCommand()).slice(1, -1);
  return new Map([
    ...subgraphs.map((name) => [name, program(`subgraphs/${name}/main.ts`, listening)] as const),
    ['events', program('events/main.ts', /"msg":"events are carried"/)],
    ['gateway', { ...program('storefront/gateway.ts', listening), flags }],
  ]);
}
