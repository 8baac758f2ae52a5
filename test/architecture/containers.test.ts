import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

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
  environment: z.record(z.string(), z.union([z.string(), z.number()])),
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
    subgraphs = services.filter(([name]) => name !== 'gateway' && name !== 'postgres');
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

  it('keeps everything else in a network without a way out', () => {
    const inside = services.filter(([name]) => name !== 'gateway');
    expect(new Set(inside.flatMap(([, { networks }]) => networks))).toEqual(new Set(['inside']));
    expect(compose.networks.inside).toEqual({ internal: true });
  });

  it('has no secret in it, and says which one is missing', () => {
    const secret = /PASSWORD|KEY|SECRET|TOKEN|DATABASE_URL/;
    const harmless = /^(ACCESS_TOKEN_ISSUER|ACCESS_TOKEN_AUDIENCE)$/;
    const values = services.flatMap(([name, { environment }]) =>
      Object.entries(environment)
        .filter(([variable]) => secret.test(variable) && !harmless.test(variable))
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

  it('waits for what a service needs until that is healthy', () => {
    const healthy = { condition: 'service_healthy' };
    expect(gateway?.depends_on).toEqual(
      Object.fromEntries(subgraphs.map(([name]) => [name, healthy])),
    );
    for (const [, { depends_on }] of subgraphs) expect(depends_on).toEqual({ postgres: healthy });
  });

  it('asks each service for its health where that listens', () => {
    expect(gateway?.environment.HEALTH_URL).toBe('http://127.0.0.1:4000/healthz');
    for (const [name, { environment }] of subgraphs) {
      const url = String(gateway?.environment[`SUBGRAPH_${name.toUpperCase()}_URL`]);
      expect(environment.HEALTH_URL).toBe(`http://127.0.0.1:${new URL(url).port}/healthz`);
    }
  });

  it('runs the entry point of each service from the image', () => {
    for (const [name, { command, build, image }] of services.filter(
      ([name]) => name !== 'postgres',
    )) {
      const entry = name === 'gateway' ? 'gateway/main.js' : `subgraphs/${name}/main.js`;
      expect({ name, command, build, image }).toEqual({
        name,
        command: ['node', entry],
        build: '.',
        image: 'supergraph',
      });
    }
  });
});

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
