import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createLogger } from '../../common/logger.ts';
import { readConfig } from '../../composition/config.ts';
import { loadHealthAddress } from '../../events/load-health-address.ts';
import { loadEventSettings } from '../../events/load-settings.ts';
import { openHealthServer } from '../../events/open-health-server.ts';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import type { SubgraphContext, SubgraphDefinition } from '../../subgraphs/kit/define-subgraph.ts';
import { inventoryOwner } from '../../subgraphs/kit/grpc/inventory-contract.ts';
import {
  inventoryAddressName,
  loadInventoryAddress,
} from '../../subgraphs/kit/grpc/load-inventory-address.ts';
import { loadDatabaseSettings, loadSubgraphSettings } from '../../subgraphs/kit/load-settings.ts';
import { loadAccessTokenSettings } from '../../subgraphs/users/load-settings.ts';
import { eventually } from '../support/eventually.ts';
import { gatewayCommand } from '../support/gateway-command.ts';
import {
  baseFolder,
  exampleFolder,
  type KubernetesObject,
  readKustomization,
  readObjects,
  readVariables,
  type Workload,
  workloadsOf,
} from '../support/manifests.ts';
import { allowedConnections, type Peer } from '../support/network-policies.ts';
import { environmentOf, watchReads } from '../support/pod-environment.ts';
import { startTestStorefront } from '../support/storefront.ts';

/** A process ends this long after the signal at the latest (common/process.ts). */
const stopMaxSeconds = 20;

/** Settings that must be in a secret and not in a manifest. */
const secretNames = /_KEYS?$|(?:DATABASE|REDIS|AMQP|SMTP)_URL|PASSWORD|TOKEN$/;

const entryPoints: ReadonlyMap<string, string> = new Map([
  ['migrate', 'storefront/migrate.js'],
  ['events', 'events/main.js'],
]);

const { port: inventoryPort } = loadInventoryAddress({});
const chatPort = loadGatewayConfig({}).chat.grpcPort;

const drain = z.object({ drainDelayMs: z.number(), drainTimeoutMs: z.number() });

describe('deploy/kubernetes', () => {
  let objects: readonly KubernetesObject[];
  let workloads: readonly Workload[];
  let services: readonly Workload[];
  let ports: ReadonlyMap<string, number>;
  /** Contains the files that are mounted under /run. */
  let mounted: string;

  beforeAll(async () => {
    objects = await readObjects(baseFolder);
    workloads = workloadsOf(objects);
    services = workloads.filter(({ kind }) => kind === 'Deployment');
    const supergraph = await readConfig('supergraph.yaml');
    if (!supergraph.ok) throw new Error(JSON.stringify(supergraph.problems));
    ports = new Map([
      ...supergraph.config.subgraphs.map(
        ({ name, routingUrl }) => [name, Number(new URL(routingUrl).port)] as const,
      ),
      ['gateway', loadGatewayConfig({}).server.port],
      ['events', loadHealthAddress({}).port],
    ]);
    mounted = await mkdtemp(join(tmpdir(), 'mounted-'));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(join(mounted, 'keys.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  });
  afterAll(() => rm(mounted, { recursive: true }));

  it('runs every subgraph of the supergraph, the gateway, and events', () => {
    expect(namesOf(services).sort()).toEqual([...ports.keys()].sort());
  });

  it('runs the entry point of each from the image, and migrations from the same', async () => {
    for (const { metadata, spec } of workloads) {
      const { name } = metadata;
      const [{ command, image }] = spec.template.spec.containers;
      const entry = entryPoints.get(name) ?? `subgraphs/${name}/main.js`;
      expect({ name, command, image }).toEqual({
        name,
        command: name === 'gateway' ? await gatewayCommand() : ['node', entry],
        image: 'supergraph',
      });
    }
  });

  it('gives every pod a read-only root without privileges, as the user of the image', async () => {
    expect(await readFile('Dockerfile', 'utf8')).toMatch(/^USER node$/m);
    for (const { metadata, spec } of workloads) {
      const pod = spec.template.spec;
      const [{ securityContext }] = pod.containers;
      expect({ name: metadata.name, ...pod, securityContext }).toMatchObject({
        name: metadata.name,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      });
      // 1000 is "node" in the images of Node.js.
      expect(pod.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  });

  it('sets only what each service reads, and each starts with it, on its port', async () => {
    for (const service of services) {
      const { name } = service.metadata;
      const { environment, unread } = watchReads(await environmentOf(service, mounted));
      const port =
        name === 'gateway'
          ? loadGatewayConfig(environment).server.port
          : name === 'events'
            ? loadHealthAddress(environment).port
            : loadSubgraphSettings(await definitionOf(name), environment).port;
      if (name === 'events') loadEventSettings(environment);
      if (name !== 'gateway') loadDatabaseSettings(environment);
      if (name === 'users') loadAccessTokenSettings(environment, 'production');
      const [container] = service.spec.template.spec.containers;
      expect({ name, unread: unread() }).toEqual({ name, unread: [] });
      expect(container.ports).toEqual([
        { name: 'http', containerPort: port },
        ...(name === inventoryOwner ? [{ name: 'grpc', containerPort: inventoryPort }] : []),
        ...(name === 'orders' ? [{ name: 'grpc', containerPort: chatPort }] : []),
      ]);
      expect(ports.get(name)).toBe(port);
    }
    const job = workloads.filter(({ kind }) => kind === 'Job');
    expect(namesOf(job)).toEqual(['migrate']);
    for (const each of job) {
      const { environment, unread } = watchReads(await environmentOf(each, mounted));
      expect(loadDatabaseSettings(environment).databaseUrl).toBeDefined();
      expect(unread()).toEqual([]);
    }
  });

  it('reads secrets from secrets, which are empty in the example', async () => {
    const { secretGenerator } = await readKustomization(exampleFolder);
    const inExample = new Map<string, readonly string[]>();
    for (const { name, envs, files } of secretGenerator) {
      const names: string[] = files.map((file) => file.split('=', 1).join());
      for (const env of envs) {
        const text = await readFile(join(exampleFolder, `${env}.example`), 'utf8');
        const variables = readVariables(text);
        expect([...variables.values()].join('')).toBe('');
        names.push(...variables.keys());
      }
      inExample.set(name, names);
    }
    const used = new Map<string, readonly string[]>();
    for (const { metadata, spec } of workloads) {
      const [{ env }] = spec.template.spec.containers;
      for (const { name, value, valueFrom } of env) {
        if (valueFrom) {
          // Each service has its own secret: none can read another's.
          expect(valueFrom.secretKeyRef).toEqual({ name: metadata.name, key: name });
          used.set(metadata.name, [...(used.get(metadata.name) ?? []), name]);
        } else {
          expect({ name, isSecret: secretNames.test(name), value }).toEqual({
            name,
            isSecret: false,
            value: expect.any(String),
          });
        }
      }
      for (const volume of spec.template.spec.volumes) {
        const { secretName } = (volume.secret ?? {}) as { secretName?: string };
        if (secretName !== undefined) used.set(secretName, ['keys.pem']);
      }
    }
    expect(sorted(used)).toEqual(sorted(inExample));
  });

  it('calls services by their names and ports', () => {
    const byName = new Map(
      objects.filter(({ kind }) => kind === 'Service').map((each) => [each.metadata.name, each]),
    );
    expect(byName.has('events')).toBe(false);
    for (const { metadata, spec } of services.filter(isCalled)) {
      const port = ports.get(metadata.name);
      expect(byName.get(metadata.name)?.spec).toEqual({
        selector: { 'app.kubernetes.io/name': metadata.name },
        ports: [{ name: 'http', port, targetPort: 'http' }],
      });
      expect(spec.template.metadata.labels['app.kubernetes.io/name']).toBe(metadata.name);
      expect(spec.selector).toEqual({ matchLabels: { 'app.kubernetes.io/name': metadata.name } });
    }
    const gateway = services.find(({ metadata }) => metadata.name === 'gateway');
    const urls = new Map(
      gateway?.spec.template.spec.containers[0].env
        .filter(({ name }) => name.endsWith('_URL') && name !== 'REDIS_URL')
        .map(({ name, value }) => [name, value]),
    );
    const expected = [...ports]
      .filter(([name]) => name !== 'gateway' && name !== 'events')
      .map(([name, port]) => [
        `SUBGRAPH_${name.toUpperCase().replaceAll('-', '_')}_URL`,
        `http://${name}:${port}/graphql`,
      ]);
    expect(sorted(urls)).toEqual(
      sorted(
        new Map([
          ...(expected as [string, string][]),
          ['JWKS_URL', `http://users:${String(ports.get('users'))}/.well-known/jwks.json`],
        ]),
      ),
    );
  });

  it('lets orders find each pod of products by gRPC, and be known there', async () => {
    const name = `${inventoryOwner}-grpc`;
    const service = objects.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === name,
    );
    expect(service?.spec).toEqual({
      // So that the name has the addresses of all pods.
      clusterIP: 'None',
      selector: { 'app.kubernetes.io/name': inventoryOwner },
      ports: [{ name: 'grpc', port: inventoryPort, targetPort: 'grpc' }],
    });
    const [server, client] = await Promise.all(
      [inventoryOwner, 'orders'].map(async (each) => {
        const found = services.find(({ metadata }) => metadata.name === each);
        if (!found) throw new Error(`There is no ${each}.`);
        return environmentOf(found, mounted);
      }),
    );
    expect(server?.[inventoryAddressName]).toBe(`${name}:${inventoryPort}`);
    for (const each of [inventoryAddressName, 'SUBGRAPH_PRODUCTS_IDENTITY_KEY'])
      expect([each, client?.[each]]).toEqual([each, server?.[each]]);
  });

  it('lets services find each pod of orders for its chats', () => {
    const service = objects.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === 'orders-grpc',
    );
    expect(service?.spec).toEqual({
      clusterIP: 'None',
      selector: { 'app.kubernetes.io/name': 'orders' },
      ports: [{ name: 'grpc', port: chatPort, targetPort: 'grpc' }],
    });
  });

  it('has probes for the liveness and readiness of each service', async () => {
    const storefront = await startTestStorefront();
    const health = await openHealthServer({
      address: { host: '127.0.0.1', port: 0, portSetting: 'EVENTS_PORT' },
      askDatabase: () => Promise.resolve(),
      missing: () => [],
      metrics: () => Promise.resolve(''),
      log: createLogger('events', 'silent'),
    });
    try {
      for (const { metadata, spec } of services) {
        const [{ startupProbe, livenessProbe, readinessProbe }] = spec.template.spec.containers;
        const base = isCalled({ metadata })
          ? (storefront.subgraphUrls.get(metadata.name) ?? storefront.gatewayUrl)
          : health.url;
        for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
          expect(probe?.httpGet.port).toBe('http');
          const url = `${base}${probe?.httpGet.path ?? ''}`;
          await eventually(
            async () => (await fetch(url)).status,
            (status) => status === 200,
          );
          // The slowest answer of /readyz waits 2 s for the database.
          expect(probe?.timeoutSeconds).toBeGreaterThan(2);
        }
        expect(livenessProbe?.httpGet.path).toBe('/healthz');
        expect(readinessProbe?.httpGet.path).toBe('/readyz');
      }
    } finally {
      await health.close();
      await storefront.stop();
    }
  });

  it('allows enough time to stop, and for the network to notice first', async () => {
    for (const service of services.filter(isCalled)) {
      const environment = await environmentOf(service, mounted);
      const { name } = service.metadata;
      const settings =
        name === 'gateway'
          ? loadGatewayConfig(environment).server
          : loadSubgraphSettings(await definitionOf(name), environment);
      const { drainDelayMs, drainTimeoutMs } = drain.parse(settings);
      const pod = service.spec.template.spec;
      expect(drainDelayMs).toBeGreaterThanOrEqual(5_000);
      expect(drainDelayMs + drainTimeoutMs).toBeLessThan(stopMaxSeconds * 1_000);
      const [{ readinessProbe }] = pod.containers;
      const { periodSeconds = 0, failureThreshold = 0 } = readinessProbe ?? {};
      expect(periodSeconds * failureThreshold * 1_000).toBeLessThan(drainDelayMs);
    }
    for (const { spec } of services) {
      const pod = spec.template.spec;
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(stopMaxSeconds + 5);
      // The process itself delays: a hook before the signal would take its time from the stop.
      expect(pod.containers[0]).not.toHaveProperty('lifecycle');
    }
  });

  it('mounts one settings file for all services, which the example replaces', async () => {
    for (const { spec } of services) {
      const { volumes, containers } = spec.template.spec;
      expect(volumes).toContainEqual({ name: 'settings', configMap: { name: 'settings-file' } });
      expect(containers[0].volumeMounts).toContainEqual({
        name: 'settings',
        mountPath: '/run/settings',
        readOnly: true,
      });
    }
    const generatorsOf = async (folder: string) =>
      (await readKustomization(folder)).configMapGenerator;
    const base = await generatorsOf(baseFolder);
    expect(base.flatMap(({ literals }) => literals)).toContain(
      'GATEWAY_CONFIG=/run/settings/settings.yaml',
    );
    const file = { name: 'settings-file', files: ['settings.yaml'], literals: [] };
    expect(base).toContainEqual(file);
    expect(await generatorsOf(exampleFolder)).toEqual([{ ...file, behavior: 'replace' }]);
    const [path, own] = [baseFolder, exampleFolder].map((folder) => join(folder, 'settings.yaml'));
    expect(loadGatewayConfig({ GATEWAY_CONFIG: path })).toEqual(loadGatewayConfig({}));
    const { server } = loadGatewayConfig({ GATEWAY_CONFIG: own });
    expect(server.hstsMaxAgeSeconds).toBeGreaterThan(0);
  });

  it('mounts the supergraph as a folder, in which a new one is seen', async () => {
    const gateway = services.find(({ metadata }) => metadata.name === 'gateway');
    const pod = gateway?.spec.template.spec;
    const volume = pod?.volumes.find(({ name }) => name === 'supergraph');
    expect(volume).toEqual({ name: 'supergraph', configMap: { name: 'supergraph' } });
    const mount = pod?.containers[0].volumeMounts.find(({ name }) => name === 'supergraph');
    expect(mount).toEqual({ name: 'supergraph', mountPath: '/run/supergraph', readOnly: true });
    if (!gateway) throw new Error('There is no gateway.');
    const { path, watch: isWatched } = loadGatewayConfig(
      await environmentOf(gateway, mounted),
    ).supergraph;
    expect({ path, isWatched }).toEqual({
      path: '/run/supergraph/supergraph.graphql',
      isWatched: true,
    });
  });

  it('allows only the necessary network traffic', () => {
    const inside = workloads.map(({ metadata, spec }) => ({
      name: metadata.name,
      namespace: '',
      labels: spec.template.metadata.labels,
      port: ports.get(metadata.name) ?? 0,
      portName: 'http',
    }));
    const stock = {
      ...inside.find(({ name }) => name === inventoryOwner),
      name: 'the stock',
      port: inventoryPort,
      portName: 'grpc',
    } as Peer;
    const chats = {
      ...inside.find(({ name }) => name === 'orders'),
      name: 'the chats',
      port: chatPort,
      portName: 'grpc',
    } as Peer;
    const helpDesk: Peer = {
      name: 'help desk',
      namespace: '',
      labels: { 'app.kubernetes.io/component': 'chat' },
      port: 8080,
    };
    const outside: readonly Peer[] = [
      { name: 'ingress', namespace: 'ingress-nginx', labels: {}, port: 443 },
      { name: 'others', namespace: 'others', labels: {}, port: 8080 },
      { name: 'internet', namespace: 'none', labels: {}, port: 443 },
      {
        name: 'redis',
        namespace: 'redis',
        labels: { 'app.kubernetes.io/name': 'redis' },
        port: 6379,
      },
      {
        name: 'postgres',
        namespace: 'postgres',
        labels: { 'app.kubernetes.io/name': 'postgres' },
        port: 5432,
      },
      {
        name: 'rabbitmq',
        namespace: 'rabbitmq',
        labels: { 'app.kubernetes.io/name': 'rabbitmq' },
        port: 5672,
      },
      {
        name: 'kafka',
        namespace: 'kafka',
        labels: { 'app.kubernetes.io/name': 'kafka' },
        port: 9092,
      },
      {
        name: 'mail',
        namespace: 'mail',
        labels: { 'app.kubernetes.io/name': 'mail' },
        port: 587,
      },
      {
        name: 'prometheus',
        namespace: 'monitoring',
        labels: { 'app.kubernetes.io/name': 'prometheus' },
        port: 9090,
      },
      { name: 'dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, port: 53 },
    ];
    const ours = new Set(namesOf(workloads));
    const subgraphs = [...ports.keys()].filter((name) => !['gateway', 'events'].includes(name));
    expect(
      allowedConnections(objects, [...inside, stock, chats, helpDesk, ...outside]).filter(
        (connection) =>
          connection.split(' → ').some((name) => ours.has(name) || name === 'the chats') &&
          !connection.startsWith('the chats'),
      ),
    ).toEqual(
      [
        'ingress → gateway',
        'gateway → redis',
        ...subgraphs.flatMap((name) => [`gateway → ${name}`, `${name} → postgres`]),
        'migrate → postgres',
        ...['users', 'orders', 'postgres', 'rabbitmq', 'kafka', 'mail'].map(
          (name) => `events → ${name}`,
        ),
        ...['orders', 'gateway'].map((name) => `${name} → the stock`),
        'prometheus → events',
        'help desk → the chats',
        ...namesOf(workloads).map((name) => `${name} → dns`),
      ].sort(),
    );
  });

  it('keeps one pod of each service while a node is drained, and adds gateways under load', () => {
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budgets.map(({ spec }) => spec)).toEqual(
      namesOf(services).map((name) => ({
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      })),
    );
    const [scaler] = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(scaler?.spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gateway' },
      minReplicas: 2,
      metrics: [
        { resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 65 } } },
      ],
    });
    for (const { metadata, spec } of services) {
      // A number here would undo the autoscaler's decision at each apply.
      expect([metadata.name, spec.replicas]).toEqual([
        metadata.name,
        metadata.name === 'gateway' ? undefined : 2,
      ]);
    }
  });
});

async function definitionOf(
  name: string,
): Promise<SubgraphDefinition<unknown, unknown, SubgraphContext>> {
  const module = (await import(`../../subgraphs/${name}/subgraph.ts`)) as Record<
    string,
    SubgraphDefinition<unknown, unknown, SubgraphContext>
  >;
  const definition = Object.values(module).find((each) => each.name === name);
  if (!definition) throw new Error(`subgraphs/${name}/subgraph.ts defines no subgraph.`);
  return definition;
}

/** Whether others call it: events only has an address for probes. */
function isCalled({ metadata }: Pick<Workload, 'metadata'>): boolean {
  return metadata.name !== 'events';
}

function namesOf(workloads: readonly Workload[]): string[] {
  return workloads.map(({ metadata }) => metadata.name);
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}
