import { expect, it } from '@jest/globals';
import { schemaFaults } from '../support/kubernetes-schemas.ts';
import {
  baseFolder,
  exampleFolder,
  type KubernetesObject,
  readObjects,
  workloadsOf,
} from '../support/manifests.ts';

it('deploy/kubernetes: is valid according to the schemas of the Kubernetes API', async () => {
  const objects = await readObjects(baseFolder);
  expect(await schemaFaults([...objects, ...(await readObjects(exampleFolder))])).toEqual([]);
  const [first] = workloadsOf(objects).filter(({ kind }) => kind === 'Deployment');
  const { spec } = structuredClone(first) as unknown as { spec: Record<string, unknown> };
  const wrong = [
    { ...first, spec: { ...spec, replica: 2 } },
    { ...first, spec: { ...spec, replicas: 'two' } },
  ];
  const faults = await schemaFaults(wrong as unknown as KubernetesObject[]);
  expect(faults.join('\n')).toMatch(/'"replica"' does not exist/);
  expect(faults.join('\n')).toMatch(/spec\/replicas must be integer/);
});
