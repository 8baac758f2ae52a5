import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type ComposerName, composerNames } from '../../composition/composers/composers.ts';
import { bigSupergraph } from '../../test/support/big-supergraph.ts';
import { linkFederation } from '../../test/support/federation.ts';
import { writeSection } from '../report/write-section.ts';
import type { CheckFigures } from './check-in-a-process.ts';

const usage = `Usage: npm run bench -- checks [--quick]

Runs \`supergraph check\` on generated projects, with each composer, without and with what was composed before.
Writes the table into docs/ci.md; with --quick it prints the small ones only.
`;

const sizes = [
  { subgraphs: 8, entitiesEach: 2 },
  { subgraphs: 10, entitiesEach: 6 },
  { subgraphs: 10, entitiesEach: 20 },
  { subgraphs: 25, entitiesEach: 20 },
  { subgraphs: 50, entitiesEach: 20 },
];
const quickSizes = 2;
const operations = 100;
const runMsMax = 600_000;

const columns = ['subgraphs', 'types', 'kB', 'composer', 'cache', 'CPU', 'wall', 'peak memory'];

/** Measures what a check costs as schemas grow; the exit code is 0 when every run compared. Throws when aborted. */
export async function measureChecks(
  args: readonly string[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<number> {
  const isQuick = args[0] === '--quick';
  if (args.length > (isQuick ? 1 : 0)) {
    process.stdout.write(usage);
    return 1;
  }
  const rows: string[][] = [];
  for (const size of isQuick ? sizes.slice(0, quickSizes) : sizes) {
    const folder = mkdtempSync(join(tmpdir(), 'checks-'));
    try {
      const facts = writeProject(folder, size);
      for (const composer of composerNames) {
        for (const cache of ['empty', 'filled']) {
          const figures = await check(folder, composer, signal);
          rows.push([...facts, composer, cache, ...cellsOf(figures)]);
          say(rows.at(-1)?.join(', ') ?? '');
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const table = [columns, columns.map((_, at) => (at === 3 || at === 4 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  process.stdout.write(`${table}\n`);
  if (!isQuick) {
    const document = new URL('../../docs/ci.md', import.meta.url);
    writeSection(document, { maker: 'checks', heading: 'What a check costs' }, table);
    say('wrote the table into docs/ci.md');
  }
  return 0;
}

function cellsOf({ cpuSeconds, wallSeconds, peakMegabytes }: CheckFigures): readonly string[] {
  return [
    `${cpuSeconds.toFixed(1)} s`,
    `${wallSeconds.toFixed(1)} s`,
    `${Math.round(peakMegabytes)} MB`,
  ];
}

/** A repository whose working tree removes a field and adds an argument; gives how large it is. */
function writeProject(folder: string, size: (typeof sizes)[number]): readonly string[] {
  const schemas = Object.entries(bigSupergraph(size));
  const list = schemas.map(
    ([name]) =>
      `  ${name}: { routing_url: "http://${name}.test/", schema: { file: ${name}.graphql } }\n`,
  );
  writeFileSync(join(folder, 'supergraph.yaml'), `subgraphs:\n${list.join('')}`);
  for (const [name, sdl] of schemas) {
    writeFileSync(join(folder, `${name}.graphql`), linkFederation + sdl);
  }
  mkdirSync(join(folder, 'operations'));
  for (let at = 0; at < operations; at += 1) {
    const [graph, entity] = [at % size.subgraphs, at % size.entitiesEach];
    writeFileSync(
      join(folder, `operations/${at}.graphql`),
      `query Read${at}($id: ID!) { entity${graph}_${entity}(id: $id) { id sku value { x } next { name rank } } }\n`,
    );
  }
  const git = (...args: readonly string[]): void =>
    void execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-qm', 'base');
  const [first = ['', '']] = schemas;
  const changed = first[1]
    .replace('rank: Float!', 'order: Float!')
    .replace('first: Int = 2', '$&, of: Int');
  writeFileSync(join(folder, `${first[0]}.graphql`), linkFederation + changed);
  const sdl = schemas.map(([, each]) => each).join('\n');
  const names = sdl.matchAll(/^ *(?:type|enum|input|interface|union) (\w+)/gm);
  const types = new Set(Array.from(names, ([, name]) => name)).size;
  return [String(schemas.length), String(types), String(Math.round(sdl.length / 1000))];
}

async function check(
  folder: string,
  composer: ComposerName,
  signal: AbortSignal,
): Promise<CheckFigures> {
  const script = fileURLToPath(new URL('check-in-a-process.ts', import.meta.url));
  const tsx = import.meta.resolve('tsx');
  const options = [
    '--base',
    'main',
    '--operations',
    'operations/*.graphql',
    '--composer',
    composer,
  ];
  const child = spawn(process.execPath, ['--import', tsx, script, 'check', ...options], {
    cwd: folder,
    env: { ...process.env, SUPERGRAPH_CACHE_DIR: join(folder, '.git', composer) },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    timeout: runMsMax,
    signal,
  });
  const [written] = await Promise.all([text(child.stdio[3] as Readable), once(child, 'close')]);
  const figures = JSON.parse(written || '{"exitCode":"none"}') as CheckFigures;
  // The change has findings that are errors.
  if (figures.exitCode !== 1) throw new Error(`The check ended with ${figures.exitCode}.`);
  return figures;
}
