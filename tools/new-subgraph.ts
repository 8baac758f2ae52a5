import { spawnSync } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { readConfig } from '../composition/config.ts';
import { formatProblem } from '../composition/problem.ts';
import {
  kubernetesFiles,
  kubernetesRegistrations,
  likeProducts,
} from './new-subgraph/kubernetes.ts';
import { readNames, type SubgraphNames } from './new-subgraph/names.ts';
import { registrations } from './new-subgraph/register.ts';
import { renderTemplate } from './new-subgraph/template.ts';

const usage = `Adds a subgraph that composes and runs: an entity, a field on User, a table, access rules.

Usage: npm run new:subgraph <name>

The name is in kebab case and not that of an existing subgraph, such as gift-cards.`;

/** `npm run new:subgraph <name>`: creates the subgraph's folder and adds it wherever subgraphs are listed. */
process.exitCode = await run();

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const names = readNames(positionals[0] ?? '');
  if (values.help || !names || positionals.length > 1) {
    (values.help ? console.log : console.error)(usage);
    return values.help ? 0 : 2;
  }
  const listed = await readConfig('supergraph.yaml');
  if (!listed.ok) {
    console.error(listed.problems.map(formatProblem).join('\n'));
    return 1;
  }
  const folder = join('subgraphs', names.name);
  if (await exists(folder)) {
    console.error(`${folder} already exists: choose another name.`);
    return 1;
  }
  const ports = listed.config.subgraphs.map(({ routingUrl }) => Number(new URL(routingUrl).port));
  const port = Math.max(4000, ...ports) + 1;
  await writeAll(names, folder, port);
  return finish(names);
}

async function writeAll(names: SubgraphNames, folder: string, port: number): Promise<void> {
  // Every change is computed before the first is written, so that a failure leaves nothing half done.
  const files = new Map<string, string>();
  for (const [path, text] of await renderTemplate(names, port)) files.set(join(folder, path), text);
  for (const [path, change] of [...registrations, ...kubernetesRegistrations]) {
    files.set(path, change(await readFile(path, 'utf8'), names, port));
  }
  for (const [path, model] of kubernetesFiles(names)) {
    files.set(path, likeProducts(await readFile(model, 'utf8'), names, port));
  }
  const style = await resolveConfig('package.json');
  for (const [path, text] of files) {
    if (!/[.](sql|example)$/.test(path))
      files.set(path, await format(text, { ...style, filepath: path }));
  }
  for (const [path, text] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    console.log(path);
  }
}

function finish({ name, Pascal }: SubgraphNames): number {
  for (const script of [['tools/codegen.ts'], ['composition/cli.ts', 'compose']]) {
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', ...script], {
      stdio: 'inherit',
      timeout: 300_000,
    });
    if (status !== 0) {
      console.error(`The files are written; run npm run codegen && npm run compose to finish.`);
      return 1;
    }
  }
  console.log(`
Done: npm start serves it. Next, make it yours:
  1. subgraphs/${name}/schema.graphql   ${Pascal}Entry is an example; then npm run codegen && npm run compose
  2. subgraphs/${name}/access.ts        who may see what
  3. npm run check`);
  return 0;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
