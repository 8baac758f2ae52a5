import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { until } from '../support/until.ts';
import { openStream } from './read-events.ts';
import { startStreamGraph } from './stream-graph.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const engine = pathToFileURL(join(root, 'engine/index.ts')).href;

it('streams: the program of docs/gateway.md serves subscriptions beside an Apollo Server', async () => {
  const text = await readFile(join(root, 'docs/gateway.md'), 'utf8');
  const [, program] = /<!-- subscriptions, run by .*-->\n+```ts\n([\s\S]*?)```/.exec(text) ?? [];
  if (program === undefined) throw new Error('Expected the program in docs/gateway.md.');
  const graph = await startStreamGraph();
  const folder = await mkdtemp(join(tmpdir(), 'documented-handler-'));
  // Beside the installed packages, which it imports.
  const file = join(root, `node_modules/.documented-handler-${process.pid}.mts`);
  await writeFile(join(folder, 'supergraph.graphql'), graph.supergraph);
  await writeFile(file, program.replace("'supergraph-gateway'", JSON.stringify(engine)));
  const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/esm/index.mjs')).href;
  const child = spawn(process.execPath, ['--import', tsx, file], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until(() => /http:\S+/.test(output) || child.exitCode !== null);
    const [url = ''] = /http:\S+/.exec(output) ?? [];
    const stream = await openStream(url, 'subscription { moved { id label } }');
    await until(() => graph.feed.open === 1);
    graph.feed.send({ id: '1', place: 'Gate' });
    await until(() => stream.events.length === 1);
    expect(stream.events).toEqual([
      { name: 'next', data: { data: { moved: { id: '1', label: '1 at Gate' } } } },
    ]);
    stream.leave();
    const query = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ open }' }),
    });
    expect(await query.json()).toMatchObject({ data: { open: expect.any(Number) as unknown } });
  } finally {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(file, { force: true });
    await rm(folder, { recursive: true });
    await graph.stop();
  }
});
