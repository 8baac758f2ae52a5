import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** The folder of what is the same on every cluster. */
export const baseFolder = 'deploy/kubernetes/base';

/** The folder of an example of what is not. */
export const exampleFolder = 'deploy/kubernetes/overlays/example';

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
});

/** An object of the Kubernetes API, as a manifest writes it. */
export type KubernetesObject = z.infer<typeof object>;

const variable = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .strictObject({ secretKeyRef: z.strictObject({ name: z.string(), key: z.string() }) })
    .optional(),
});

const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.string() }),
  periodSeconds: z.number(),
  timeoutSeconds: z.number(),
  failureThreshold: z.number(),
});

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.number() })).default([]),
  envFrom: z
    .array(z.strictObject({ configMapRef: z.strictObject({ name: z.string() }) }))
    .default([]),
  env: z.array(variable),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  resources: z.strictObject({
    requests: z.strictObject({ cpu: z.string(), memory: z.string() }),
    limits: z.strictObject({ memory: z.string() }),
  }),
  securityContext: z.unknown(),
  volumeMounts: z
    .array(
      z.strictObject({
        name: z.string(),
        mountPath: z.string(),
        readOnly: z.boolean().default(false),
      }),
    )
    .default([]),
});

const workload = object.extend({
  spec: z.looseObject({
    replicas: z.number().optional(),
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.number().default(30),
        securityContext: z.unknown(),
        containers: z.tuple([container]),
        volumes: z.array(z.looseObject({ name: z.string() })).default([]),
      }),
    }),
  }),
});

/** Pods of one container, and how they come to be: a deployment or a job. */
export type Workload = z.infer<typeof workload>;

/** All objects of a YAML text. */
export function parseObjects(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).map((document) => object.parse(document.toJS()));
}

/** The objects of the manifests in a folder; what Kustomize reads, and patches, are none. */
export async function readObjects(folder: string): Promise<readonly KubernetesObject[]> {
  const { resources } = await readKustomization(folder);
  const files = resources.filter((resource) => resource.endsWith('.yaml'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap(parseObjects);
}

const kustomization = z.looseObject({
  resources: z.array(z.string()),
  images: z
    .array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() }))
    .default([]),
  configMapGenerator: z
    .array(
      z.strictObject({
        name: z.string(),
        behavior: z.literal('replace').optional(),
        literals: z.array(z.string()).default([]),
        files: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  secretGenerator: z
    .array(
      z.strictObject({
        name: z.string(),
        envs: z.array(z.string()).default([]),
        files: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  patches: z.array(z.strictObject({ path: z.string() })).default([]),
});

/** What a folder tells Kustomize. */
export async function readKustomization(folder: string): Promise<z.infer<typeof kustomization>> {
  const text = await readFile(join(folder, 'kustomization.yaml'), 'utf8');
  return kustomization.parse(parse(text));
}

/** The deployments and jobs among objects. */
export function workloadsOf(objects: readonly KubernetesObject[]): readonly Workload[] {
  return objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .map((object) => workload.parse(object));
}

/** The lines `NAME=value` of a text, without comments. */
export function readVariables(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => /^[^#=]+=/.test(line));
  return new Map(
    lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}
