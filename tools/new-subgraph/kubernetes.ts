import type { SubgraphNames } from './names.ts';

const base = 'deploy/kubernetes/base';
const example = 'deploy/kubernetes/overlays/example';

/** The manifests that list subgraphs, each with the change to its text. */
export const kubernetesRegistrations: ReadonlyMap<
  string,
  (text: string, names: SubgraphNames, port: number) => string
> = new Map([
  [`${base}/kustomization.yaml`, addToResources],
  [`${base}/gateway.yaml`, addToGateway],
  [`${example}/kustomization.yaml`, addToSecrets],
  [`${example}/secrets/gateway.env.example`, addToGatewaySecret],
]);

/** The Kubernetes files of a subgraph, each based on that of products. */
export function kubernetesFiles({ name }: SubgraphNames): ReadonlyMap<string, string> {
  return new Map([
    [`${base}/${name}.yaml`, `${base}/products.yaml`],
    [`${example}/secrets/${name}.env.example`, `${example}/secrets/products.env.example`],
  ]);
}

/** Converts a text about products to one about another subgraph, without gRPC. */
export function likeProducts(text: string, { name, upper }: SubgraphNames, port: number): string {
  const [, itsPort = ''] = /containerPort: (\d+)/.exec(text) ?? [];
  const renamed = text
    .replaceAll(/^.*grpc.*\n/gim, '')
    .replaceAll('products', name)
    .replaceAll('PRODUCTS', upper);
  return itsPort === '' ? renamed : renamed.replaceAll(itsPort, String(port));
}

function addToResources(text: string, { name }: SubgraphNames): string {
  return insertAfter(text, /^ {2}- (?!migrate|network)[\w-]+\.yaml\n/gm, `  - ${name}.yaml\n`);
}

function addToGateway(text: string, { name, upper }: SubgraphNames, port: number): string {
  const indent = ' '.repeat(12);
  const key = `SUBGRAPH_${upper}_IDENTITY_KEY`;
  const withUrl = insertAfter(
    text,
    /^.*name: SUBGRAPH_\w+_URL,.*\n/gm,
    `${indent}- { name: SUBGRAPH_${upper}_URL, value: 'http://${name}:${port}/graphql' }\n`,
  );
  return insertAfter(
    withUrl,
    /^ *- name: SUBGRAPH_\w+_IDENTITY_KEY\n.*secretKeyRef.*\n/gm,
    `${indent}- name: ${key}\n${indent}  valueFrom: { secretKeyRef: { name: gateway, key: ${key} } }\n`,
  );
}

function addToSecrets(text: string, { name }: SubgraphNames): string {
  return insertAfter(
    text,
    /^ {2}- name: (?!migrate)[\w-]+\n {4}envs: .*\n/gm,
    `  - name: ${name}\n    envs: [secrets/${name}.env]\n`,
  );
}

function addToGatewaySecret(text: string, { upper }: SubgraphNames): string {
  return insertAfter(text, /^SUBGRAPH_\w+_IDENTITY_KEY=\n/gm, `SUBGRAPH_${upper}_IDENTITY_KEY=\n`);
}

/** Inserts lines after the last match. */
function insertAfter(text: string, place: RegExp, lines: string): string {
  const last = [...text.matchAll(place)].at(-1);
  if (!last) throw new Error(`A manifest has no line like ${String(place)} to add to.`);
  const at = last.index + last[0].length;
  return text.slice(0, at) + lines + text.slice(at);
}
