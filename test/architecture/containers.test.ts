import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { refuseUnknownVariables } from '../../common/setting-names.ts';
import { perSubgraphKeys, variableNameOf } from '../../common/setting-variables.ts';
import { loadHealthAddress } from '../../events/load-health-address.ts';
import { loadEventSettings } from '../../events/load-settings.ts';
import { gatewayVariables, loadGatewayConfig } from '../../gateway/config/load.ts';
import { inventoryAddressName } from '../../subgraphs/kit/grpc/load-inventory-address.ts';
import {
  loadDatabaseSettings,
  loadSubgraphSettings,
  subgraphVariables,
} from '../../subgraphs/kit/load-settings.ts';
import { orders } from '../../subgraphs/orders/subgraph.ts';
import { products } from '../../subgraphs/products/subgraph.ts';
import { generatePrivateKeyPem } from '../../subgraphs/users/services/private-key-pem.ts';
import { users } from '../../subgraphs/users/subgraph.ts';
import { gatewayCommand } from '../support/gateway-command.ts';

const pem = generatePrivateKeyPem();

const serviceSchema = z.object({
  build: z.string().optional(),
  image: z.string(),
  user: z.string().optional(),
  command: z.array(z.string()).optional(),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  ports: z.array(z.string()).optional(),
  networks: z.array(z.string()),
  profiles: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])),
  volumes: z.array(z.string()).optional(),
  mem_limit: z.string(),
  logging: z.object({ options: z.record(z.string(), z.string()) }),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z.object({
    test: z.array(z.string()).min(2),
    interval: z.string(),
    timeout: z.string(),
  }),
});

const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.object({ internal: z.boolean() }).nullable()),
});

type NamedService = readonly [name: string, z.infer<typeof serviceSchema>];

describe('docker-compose.yml', () => {
  let compose: z.infer<typeof composeSchema>;
  let services: readonly NamedService[];
  let gateway: z.infer<typeof serviceSchema> | undefined;
  let subgraphs: readonly NamedService[];

  beforeAll(async () => {
    const yaml: unknown = parse(await readFile('docker-compose.yml', 'utf8'), { merge: true });
    compose = composeSchema.parse(yaml);
    services = Object.entries(compose.services);
    gateway = compose.services.gateway;
    subgraphs = services.filter(
      ([name]) => name !== 'gateway' && name !== 'events' && isOurs(name),
    );
  });

  it('gives every service a read-only root without privileges', () => {
    for (const [name, { read_only, cap_drop, security_opt }] of services) {
      expect({ name, read_only, cap_drop, security_opt }).toEqual({
        name,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  it('publishes the gateway only, to this machine only', () => {
    const published = services.filter(([, { ports }]) => ports);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
      ['gateway', ['127.0.0.1:4000:4000']],
    ]);
  });

  it('puts everything else into a network without internet access', () => {
    // Events sends e-mails and webhooks.
    const reaching = services.filter(([, { networks }]) => networks.includes('outside'));
    expect(reaching.map(([name]) => name)).toEqual(['events', 'gateway']);
    const inside = services.filter((service) => !reaching.includes(service));
    expect(new Set(inside.flatMap(([, { networks }]) => networks))).toEqual(new Set(['inside']));
    expect(compose.networks.inside).toEqual({ internal: true });
  });

  it('has no secret in it, and says which one is missing', () => {
    const secret = /PASSWORD|KEYS?$|SECRET|DATABASE_URL$/;
    const values = services.flatMap(([name, { environment }]) =>
      Object.entries(environment)
        .filter(([variable]) => secret.test(variable))
        .map(([variable, value]) => [`${name} ${variable}`, String(value)] as const),
    );
    expect(values.length).toBeGreaterThan(8);
    for (const [where, value] of values) {
      expect([where, value]).toEqual([where, expect.stringMatching(/\$\{\w+:\?[^}]+\}/)]);
    }
  });

  it('gives gateway and subgraph the same identity key', () => {
    for (const [name, { environment }] of subgraphs) {
      const variable = `SUBGRAPH_${name.toUpperCase()}_IDENTITY_KEY`;
      expect(environment[variable]).toBeDefined();
      expect(environment[variable]).toBe(gateway?.environment[variable]);
    }
  });

  it('passes on every setting, as set in the environment or empty', () => {
    const given = new Map(services.map(([name, { environment }]) => [name, environment]));
    // For development only, fixed by the container, or of the process that carries events.
    const ofEvents = ['AMQP_URL', 'KAFKA_BROKERS', 'SMTP_URL'];
    const left = new Set(['DEMO_DATA', 'DATA_DIR', 'GATEWAY_PORT', 'EVENTS_PORT']);
    const read = new Map<string, readonly string[]>([
      [
        'gateway',
        [
          ...gatewayVariables.filter((name) => !ofEvents.includes(name)),
          ...subgraphs.flatMap(([name]) =>
            [...perSubgraphKeys.keys()].map(
              (ending) => `SUBGRAPH_${variableNameOf(name)}_${ending}`,
            ),
          ),
        ],
      ],
      ...subgraphs.map(([name]) => [name, subgraphVariables] as const),
      [
        'events',
        [
          ...subgraphVariables,
          ...ofEvents,
          ...['USERS', 'ORDERS'].flatMap((name) =>
            [...perSubgraphKeys.keys()].map((ending) => `SUBGRAPH_${name}_${ending}`),
          ),
        ],
      ],
      ['products', [...subgraphVariables, inventoryAddressName]],
      ['orders', [...subgraphVariables, inventoryAddressName, 'SUBGRAPH_PRODUCTS_IDENTITY_KEY']],
      [
        'users',
        [
          ...subgraphVariables,
          'ACCESS_TOKEN_ISSUER',
          'ACCESS_TOKEN_AUDIENCE',
          'ACCESS_TOKEN_PRIVATE_KEYS',
        ],
      ],
    ]);
    for (const [service, variables] of read) {
      const environment = given.get(service) ?? {};
      const missing = variables.filter(
        (name) => !left.has(name) && environment[name] === undefined,
      );
      expect([service, missing]).toEqual([service, []]);
      for (const [name, value] of Object.entries(environment)) {
        const [, variable] = /^\$\{(\w+):-/.exec(String(value)) ?? [];
        expect(variable ?? name).toBe(name);
      }
    }
  });

  it('mounts one settings file for all services of ours: its own, unless another is named', () => {
    for (const [name, { environment, volumes }] of services.filter(([each]) => isOurs(each))) {
      const path = '/run/settings/settings.yaml';
      expect([name, environment.GATEWAY_CONFIG, volumes]).toEqual([
        name,
        path,
        [`\${GATEWAY_CONFIG:-./deploy/docker/settings.yaml}:${path}:ro`],
      ]);
    }
  });

  it('gives no service a variable that it refuses', () => {
    for (const [name, { environment }] of services.filter(([each]) => isOurs(each))) {
      const texts = Object.entries(environment).map(([key, value]) => [key, String(value)]);
      expect(() => {
        refuseUnknownVariables(Object.fromEntries(texts), [name]);
      }).not.toThrow();
    }
  });

  it('starts each service with the settings that it gives', () => {
    const secret = 'a secret that has 32 bytes or more';
    for (const [name, { environment }] of services.filter(([each]) => isOurs(each))) {
      const inside = Object.fromEntries(
        Object.entries(environment).map(([key, value]) => [
          key,
          String(value).replaceAll(/\$\{\w+:([-?])([^}]*)\}/g, (_, kind, text: string) =>
            kind === '-'
              ? text
              : key === 'ACCESS_TOKEN_PRIVATE_KEYS'
                ? pem
                : secret.replaceAll(' ', '-'),
          ),
        ]),
      );
      const settings = { ...inside, GATEWAY_CONFIG: 'deploy/docker/settings.yaml' };
      const load =
        name === 'gateway'
          ? () => loadGatewayConfig(settings)
          : () => [
              loadDatabaseSettings(settings),
              name === 'events'
                ? [loadEventSettings(settings), loadHealthAddress(settings)]
                : loadSubgraphSettings(definitionOf(name), settings),
            ];
      expect(load).not.toThrow();
    }
  });

  it('gives each subgraph its own role in the database, and Postgres their passwords', () => {
    const postgres = compose.services.postgres;
    expect(postgres?.volumes).toContain(
      './deploy/postgres/roles.sh:/docker-entrypoint-initdb.d/roles.sh:ro',
    );
    const events = services.filter(([name]) => name === 'events');
    for (const [name, { environment }] of [...subgraphs, ...events]) {
      const password = postgres?.environment[`POSTGRES_${variableNameOf(name)}_PASSWORD`];
      expect(password).toMatch(/^\$\{POSTGRES_\w+_PASSWORD:\?/);
      expect(environment.DATABASE_URL).toBe(
        `postgres://${name}:${String(password)}@postgres:5432/supergraph`,
      );
    }
  });

  it('counts rates in its Redis, unless another is given', () => {
    expect(gateway?.environment.REDIS_URL).toBe('${REDIS_URL:-redis://redis:6379}');
    expect(compose.services.redis?.networks).toEqual(['inside']);
  });

  it('limits the memory and the log of each service', () => {
    for (const [name, { mem_limit, logging }] of services) {
      expect([name, mem_limit]).toEqual([name, expect.stringMatching(/^\d+[mg]$/)]);
      expect([name, logging.options]).toEqual([name, { 'max-size': '10m', 'max-file': '5' }]);
    }
  });

  it('starts a service after its dependencies are healthy', () => {
    const healthy = { condition: 'service_healthy' };
    expect(gateway?.depends_on).toEqual(
      Object.fromEntries(
        ['redis', ...subgraphs.map(([name]) => name)].map((name) => [name, healthy]),
      ),
    );
    for (const [, { depends_on }] of subgraphs) expect(depends_on).toEqual({ postgres: healthy });
    expect(compose.services.events?.depends_on).toEqual({
      postgres: healthy,
      users: healthy,
      orders: healthy,
    });
  });

  it('lets orders find the stock where products serves it, and be known there', () => {
    const [server, client] = [compose.services.products, compose.services.orders];
    expect(server?.environment[inventoryAddressName]).toBe('products:50051');
    for (const name of [inventoryAddressName, 'SUBGRAPH_PRODUCTS_IDENTITY_KEY']) {
      expect([name, client?.environment[name]]).toEqual([name, server?.environment[name]]);
    }
  });

  it('checks the health of each service at its address', () => {
    expect(gateway?.environment.HEALTH_URL).toBe('http://127.0.0.1:4000/healthz');
    for (const [name, { environment }] of subgraphs) {
      const url = String(gateway?.environment[`SUBGRAPH_${name.toUpperCase()}_URL`]);
      expect(environment.HEALTH_URL).toBe(`http://127.0.0.1:${new URL(url).port}/healthz`);
    }
    expect(compose.services.events?.environment.HEALTH_URL).toBe(
      `http://127.0.0.1:${loadHealthAddress({}).port}/healthz`,
    );
  });

  it('lets events reach the subgraphs that it asks, as the gateway does', () => {
    for (const name of ['USERS', 'ORDERS'].flatMap((each) =>
      [...perSubgraphKeys.keys()].map((ending) => `SUBGRAPH_${each}_${ending}`),
    )) {
      const given = compose.services.events?.environment[name];
      expect([name, given]).toEqual([name, gateway?.environment[name]]);
    }
  });

  it('starts a broker only when it is asked for', () => {
    const brokers = ['rabbitmq', 'kafka'];
    for (const name of brokers) {
      const { profiles, networks } = compose.services[name] ?? {};
      expect([name, profiles, networks]).toEqual([name, [name], ['inside']]);
    }
    for (const [name, service] of services) {
      if (!brokers.includes(name)) expect([name, service.profiles]).toEqual([name, undefined]);
    }
  });

  it('runs the entry point of each service from the image', async () => {
    for (const [name, { command, build, image }] of services.filter(([each]) => isOurs(each))) {
      expect({ name, command, build, image }).toEqual({
        name,
        command:
          name === 'gateway'
            ? await gatewayCommand()
            : ['node', name === 'events' ? 'events/main.js' : `subgraphs/${name}/main.js`],
        build: '.',
        image: 'supergraph',
      });
    }
  });
});

/** Whether a service is of the image that this project builds. */
function isOurs(name: string): boolean {
  return !['postgres', 'redis', 'rabbitmq', 'kafka'].includes(name);
}

/** The settings are the kit's, with additions in some subgraphs. */
function definitionOf(name: string): Parameters<typeof loadSubgraphSettings>[0] {
  return [users, products, orders].find((each) => each.name === name) ?? { name, port: 4000 };
}

describe('Dockerfile', () => {
  let stages: readonly string[];

  beforeAll(async () => {
    const text = await readFile('Dockerfile', 'utf8');
    stages = text.split(/^(?=FROM )/m).slice(1);
  });

  it('pins the version of Node, the same in all stages', () => {
    const images = new Set(stages.map((stage) => stage.split(/\s/)[1]));
    expect([...images]).toEqual([expect.stringMatching(/^node:\d+\.\d+\.\d+-[a-z]+-slim$/)]);
  });

  it('runs as a user without privileges, and says when it is healthy', () => {
    const last = stages.at(-1) ?? '';
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).toMatch(/^ENV NODE_ENV=production$/m);
  });

  it('leaves sources, development packages and package managers behind', () => {
    const last = stages.at(-1) ?? '';
    expect(last).not.toMatch(/npm (ci|install|run)/);
    expect(last).toMatch(/rm -rf .*\/usr\/local\/bin\/npm /);
    const copied = [...last.matchAll(/^COPY (.*)$/gm)].map(([, what]) => what);
    expect(copied).toEqual([
      '--from=packages /app/package.json ./',
      '--from=packages /app/node_modules ./node_modules',
      '--from=build /app/dist ./',
    ]);
    const packages = stages.find((stage) => /AS packages$/m.test(stage)) ?? '';
    expect(packages).toContain('npm ci --omit=dev');
    expect(packages).toContain('npm uninstall tsx');
  });
});
