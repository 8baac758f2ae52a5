import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StartedProcess, startProcess } from '../support/process.ts';

/** Development in a copy of the sources: what a change does to the services that run. */
describe('npm run dev', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const parts = [
    'common',
    'composition',
    'gateway',
    'storefront',
    'subgraphs',
    'package.json',
    'supergraph.yaml',
    'tsconfig.json',
  ];
  let copy: string;
  let dev: StartedProcess;
  let schemaFile: string;

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'dev-'));
    for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    schemaFile = join(copy, 'subgraphs/products/schema.graphql');
    dev = startProcess(
      'storefront/dev.ts',
      {
        GATEWAY_PORT: '0',
        USERS_PORT: '0',
        PRODUCTS_PORT: '0',
        ORDERS_PORT: '0',
        DATA_DIR: join(copy, '.data'),
      },
      { cwd: copy },
    );
    await dev.waitFor(/Ctrl-C stops it/, 60_000);
  }, 70_000);
  afterAll(async () => {
    await dev.end('SIGTERM');
    await rm(copy, { recursive: true, force: true });
  }, 30_000);

  it('keeps the last good one serving when a schema breaks, and names file, line and error', async () => {
    const good = await readFile(schemaFile, 'utf8');
    const before = dev.output().length;
    await writeFile(
      schemaFile,
      good.replace('  averageRating: Float\n', '  averageRating: Flout\n'),
    );
    await dev.waitFor(/the last good one serves on/);
    const line = good.split('\n').findIndex((text) => text.includes('averageRating: Float')) + 1;
    expect(dev.output().slice(before)).toMatch(
      new RegExp(`subgraphs/products/schema\\.graphql:${line}`),
    );
    expect(dev.output().slice(before)).toMatch(/Flout/);
    expect(await ask(dev, '{ product(id: "1") { averageRating } }')).toEqual({
      data: { product: { averageRating: 5 } },
    });
  }, 60_000);

  it('takes up a schema and its resolver', async () => {
    const schema = await readFile(schemaFile, 'utf8');
    const ups = (dev.output().match(/Ctrl-C stops it/g) ?? []).length;
    const resolverFile = join(copy, 'subgraphs/products/resolvers/product.ts');
    const resolver = await readFile(resolverFile, 'utf8');
    await writeFile(
      resolverFile,
      resolver.replace(
        /(export const Product[^{]*\{\n)/,
        '$1  shout: ({ name }: { name: string }) => `${name.toUpperCase()}!`,\n',
      ),
    );
    await writeFile(
      schemaFile,
      schema
        .replace('Flout', 'Float')
        .replace(
          '  averageRating: Float\n',
          '  averageRating: Float\n\n  """\n  Loud.\n  """\n  shout: String!\n',
        ),
    );
    const oneMore = new RegExp(`(?:Ctrl-C stops it[\\s\\S]*){${ups + 1}}`);
    await dev.waitFor(oneMore, 60_000);
    expect(await ask(dev, '{ product(id: "1") { shout } }')).toEqual({
      data: { product: { shout: 'LAPTOP!' } },
    });
  }, 70_000);
});

async function ask(dev: StartedProcess, query: string): Promise<unknown> {
  const url =
    [...dev.output().matchAll(/(http:\/\/127\.0\.0\.1:\d+)\/graphiql/g)].at(-1)?.[1] ?? '';
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}
