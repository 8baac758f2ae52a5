import { Alias, isMap, isPair, isScalar, parseDocument, type YAMLMap } from 'yaml';
import type { SubgraphNames } from './names.ts';

/** The files outside its folder that list subgraphs, each with the change to its text. */
export const registrations: ReadonlyMap<
  string,
  (text: string, names: SubgraphNames, port: number) => string
> = new Map([
  ['supergraph.yaml', addToSupergraph],
  ['docker-compose.yml', addToCompose],
  ['package.json', addToScripts],
  ['tools/codegen/mappings.json', addToMappings],
  ['storefront/subgraphs.ts', addToStorefront],
]);

const printing = { lineWidth: 0 } as const;

function addToSupergraph(text: string, { name }: SubgraphNames, port: number): string {
  const document = parseDocument(text);
  document.setIn(['subgraphs', name], {
    routing_url: `http://127.0.0.1:${port}/graphql`,
    schema: { file: `./subgraphs/${name}/schema.graphql` },
  });
  return document.toString(printing);
}

function addToCompose(text: string, { name, upper }: SubgraphNames, port: number): string {
  const document = parseDocument(text);
  const identityKey = `\${SUBGRAPH_${upper}_IDENTITY_KEY:?a secret of 32 bytes that gateway and ${name} share}`;
  const password = `\${POSTGRES_${upper}_PASSWORD:?a password for the role of ${name}, letters and digits}`;
  const healthy = { condition: 'service_healthy' };

  const environment = document.createNode({
    HEALTH_URL: `http://127.0.0.1:${port}/healthz`,
    DATABASE_URL: `postgres://${name}:${password}@postgres:5432/supergraph`,
    [`SUBGRAPH_${upper}_IDENTITY_KEY`]: identityKey,
  });
  environment.items.unshift(document.createPair('<<', new Alias('subgraph-environment')));
  const service = document.createNode({
    command: ['node', `subgraphs/${name}/main.js`],
    networks: ['inside'],
    depends_on: { postgres: healthy },
  });
  service.items.unshift(document.createPair('<<', new Alias('service')));
  service.items.splice(2, 0, document.createPair('environment', environment));
  for (const path of [['command'], ['networks'], ['depends_on', 'postgres']]) {
    (service.getIn(path) as YAMLMap).flow = true;
  }

  const services = mapAt(document.get('services'), 'services');
  const key = document.createNode(name);
  key.spaceBefore = true;
  const gatewayIndex = services.items.findIndex(
    (item) => isPair(item) && isScalar(item.key) && item.key.value === 'gateway',
  );
  services.items.splice(gatewayIndex, 0, document.createPair(key, service));

  document.setIn(['services', 'postgres', 'environment', `POSTGRES_${upper}_PASSWORD`], password);
  const forGateway = {
    URL: `http://${name}:${port}/graphql`,
    IDENTITY_KEY: identityKey,
  };
  for (const [ending, value] of Object.entries(forGateway)) {
    document.setIn(['services', 'gateway', 'environment', `SUBGRAPH_${upper}_${ending}`], value);
  }
  const dependency = document.createNode(healthy);
  dependency.flow = true;
  document.setIn(['services', 'gateway', 'depends_on', name], dependency);
  return document.toString(printing);
}

function mapAt(node: unknown, path: string): YAMLMap {
  if (!isMap(node)) throw new Error(`docker-compose.yml has no mapping "${path}".`);
  return node;
}

function addToScripts(text: string, { name }: SubgraphNames): string {
  const manifest = JSON.parse(text) as { scripts: Record<string, string> };
  const scripts = Object.entries(manifest.scripts);
  const gateway = scripts.findIndex(([script]) => script === 'start:gateway');
  scripts.splice(gateway, 0, [`start:${name}`, `exec node --import tsx subgraphs/${name}/main.ts`]);
  return toJson({ ...manifest, scripts: Object.fromEntries(scripts) });
}

function addToMappings(text: string, { name, Pascal }: SubgraphNames): string {
  return toJson({
    ...(JSON.parse(text) as object),
    [name]: {
      context: `../context.ts#${Pascal}Context`,
      sources: {
        [`${Pascal}Entry`]: '../domain/entry.ts#Entry',
        User: "{ readonly __typename?: 'User'; readonly id: string }",
      },
    },
  });
}

function addToStorefront(text: string, { name, camel }: SubgraphNames): string {
  const list = /(export const subgraphs: readonly Member\[\] = \[)([^\]]*)\]/;
  const path = `../subgraphs/${name}/subgraph.ts`;
  // The line on which each of our imports ends; they are ordered by path.
  const imports = [...text.matchAll(/^.* from '(\.[^']+)';\n/gm)];
  const before = imports.findLast(([, other = '']) => other < path);
  if (!before || !list.test(text)) {
    throw new Error('storefront/subgraphs.ts has no list of subgraphs to add to.');
  }
  const at = before.index + before[0].length;
  const added = `import { ${camel} } from '${path}';\n`;
  return `${text.slice(0, at)}${added}${text.slice(at)}`.replace(
    list,
    (_all, start: string, members: string) =>
      `${start}${members.trimEnd().replace(/,$/, '')}, member(${camel})]`,
  );
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
