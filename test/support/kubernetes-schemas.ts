import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import type { KubernetesObject } from './manifests.ts';

/** A kind of the Kubernetes API, with the JSON schema that its API server publishes (OpenAPI). */
type Model = new (data: never) => { validate(): void };

const models: ReadonlyMap<string, Model> = new Map<string, Model>([
  ['apps/v1 Deployment', Deployment],
  ['autoscaling/v2 HorizontalPodAutoscaler', HorizontalPodAutoscaler],
  ['batch/v1 Job', Job],
  ['networking.k8s.io/v1 Ingress', Ingress],
  ['networking.k8s.io/v1 NetworkPolicy', NetworkPolicy],
  ['policy/v1 PodDisruptionBudget', PodDisruptionBudget],
  ['v1 ConfigMap', ConfigMap],
  ['v1 Namespace', Namespace],
  ['v1 Secret', Secret],
  ['v1 Service', Service],
]);

/**
 * What is wrong with objects by the schemas of the Kubernetes API: fields that are missing or of another type (the JSON
 * schemas say so), and fields that there are none of (the types that are made of the schemas say so).
 */
export async function schemaFaults(
  objects: readonly KubernetesObject[],
): Promise<readonly string[]> {
  return [...objects.flatMap(typeFaults), ...(await unknownFields(objects))];
}

function typeFaults(object: KubernetesObject): readonly string[] {
  const { apiVersion, kind, metadata } = object;
  const model = models.get(`${apiVersion} ${kind}`);
  if (!model) return [`${kind} ${metadata.name}: no schema of ${apiVersion} ${kind} is known`];
  try {
    new model(object as never).validate();
    return [];
  } catch (error) {
    return [`${kind} ${metadata.name}: ${String(error)}`];
  }
}

/** The compiler refuses a field of an object literal that its type does not have, at any depth. */
async function unknownFields(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'manifests-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const text = objects.map(
    (object, index) =>
      `import type { I${object.kind} as Kind${index} } from 'kubernetes-models/${object.apiVersion}/${object.kind}';
       export const ${nameIn(object)}_${index}: Kind${index} = ${JSON.stringify(object, null, 1)};`,
  );
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'objects.ts'), text.join('\n'));
  const { stdout } = spawnSync(
    process.execPath,
    [
      resolve('node_modules/typescript/bin/tsc'),
      ...['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'],
      ...['--types', 'node', 'objects.ts'],
    ],
    { cwd: folder, encoding: 'utf8', timeout: 120_000 },
  );
  await rm(folder, { recursive: true });
  return stdout.split('\n').filter((line) => line.includes('error TS'));
}

function nameIn({ kind, metadata }: KubernetesObject): string {
  return `${kind}_${metadata.name.replaceAll(/\W/g, '_')}`;
}
