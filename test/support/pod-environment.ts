import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  baseFolder,
  exampleFolder,
  parseObjects,
  readKustomization,
  readVariables,
  type Workload,
} from './manifests.ts';

const patch = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.tuple([
          z.looseObject({
            env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
          }),
        ]),
      }),
    }),
  }),
});

/**
 * The environment of a pod: the ConfigMap, what its manifest and the example say, and secrets of a test's own. `mounted`
 * stands for the folder of the keys of access tokens; the settings file is that of the example.
 */
export async function environmentOf(
  { kind, metadata, spec }: Workload,
  mounted: string,
): Promise<Readonly<Record<string, string>>> {
  const [{ env, envFrom }] = spec.template.spec.containers;
  const { configMapGenerator } = await readKustomization(baseFolder);
  const literals = envFrom.flatMap(
    ({ configMapRef }) =>
      configMapGenerator.find(({ name }) => name === configMapRef.name)?.literals ?? [],
  );
  const environment = Object.fromEntries(readVariables(literals.join('\n')));
  for (const { name, value } of [...env, ...(await patchesOf(kind, metadata.name))]) {
    environment[name] =
      value?.replace('/run/access-token-keys', mounted) ?? secretOf(metadata.name, name);
  }
  const settings = environment.GATEWAY_CONFIG;
  if (settings !== undefined)
    environment.GATEWAY_CONFIG = settings.replace('/run/settings', exampleFolder);
  return environment;
}

/** An environment that notes which of its variables are read. */
export function watchReads(environment: Readonly<Record<string, string>>): {
  readonly environment: Readonly<Record<string, string>>;
  readonly unread: () => readonly string[];
} {
  const read = new Set<PropertyKey>();
  return {
    environment: new Proxy(environment, {
      get(target, name: string) {
        read.add(name);
        return target[name];
      },
    }),
    unread: () => Object.keys(environment).filter((name) => !read.has(name)),
  };
}

/** Variables that the example sets besides. */
async function patchesOf(kind: string, name: string) {
  const { patches } = await readKustomization(exampleFolder);
  const texts = await Promise.all(
    patches.map(({ path }) => readFile(join(exampleFolder, path), 'utf8')),
  );
  return texts
    .flatMap(parseObjects)
    .filter((object) => object.kind === kind && object.metadata.name === name)
    .flatMap((object) => patch.parse(object).spec.template.spec.containers[0].env);
}

function secretOf(service: string, name: string): string {
  if (name === 'DATABASE_URL')
    return `postgres://${service}:secret@postgres.example:5432/supergraph`;
  if (name === 'REDIS_URL') return 'redis://:secret@redis.example:6379';
  if (name === 'AMQP_URL') return 'amqp://shop:secret@rabbitmq.example:5672';
  if (name === 'SMTP_URL') return 'smtp://shop:secret@mail.example:587';
  return 'a secret of at least 32 bytes for this test';
}
