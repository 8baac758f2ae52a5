import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { layDatabase } from '../support/database.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

/** Unicode blanks that are not indentation in GraphQL (§2.9.4): a parser that cuts them by bytes crashes. */
const blanks = ['\u3000', '\u00a0', '\u2003', '\u1680', '\ufeff', '\u{1f600}'];

/** In a separate process, so that a crash is noticed. */
describe('texts with unusual blanks', () => {
  let directory: string;
  let supergraphPath: string;
  let supergraph: string;
  let storefront: StartedProcess;
  let url: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'blanks-'));
    supergraphPath = join(directory, 'supergraph.graphql');
    supergraph = await readFile(new URL('../../supergraph.graphql', import.meta.url), 'utf8');
    await writeFile(supergraphPath, described(supergraph, '\n  - one\n\u00a0- two\n'));
    await layDatabase(join(directory, 'data'));
    storefront = startProcess('storefront/main.ts', {
      GATEWAY_PORT: '0',
      USERS_PORT: '0',
      PRODUCTS_PORT: '0',
      ORDERS_PORT: '0',
      DATA_DIR: join(directory, 'data'),
      SUPERGRAPH_PATH: supergraphPath,
    });
    await storefront.waitFor(/Ctrl-C stops it/);
    url = /(http:\/\/127\.0\.0\.1:\d+)\/graphiql/.exec(storefront.output())?.[1] ?? '';
  });
  afterAll(async () => {
    expect(await storefront.end('SIGTERM')).toBe(0);
    await rm(directory, { recursive: true, force: true });
  });

  const ask = async (query: string): Promise<unknown> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return response.json();
  };
  const description = async (): Promise<unknown> => {
    const answer = await ask('{ __type(name: "LoginPayload") { description } }');
    return (answer as { data: { __type: { description: string } } }).data.__type.description;
  };

  it('are possible in a description at startup', async () => {
    expect(await description()).toBe('  - one\n\u00a0- two');
  });

  it.each(blanks)('in a block string of an operation are an id like others: %j', async (blank) => {
    const query = `{ product(id: """\n${blank}a\n  b\n""") { name } }`;
    expect(await ask(query)).toEqual({ data: { product: null } });
    expect(await ask('{ product(id: "1") { name } }')).toEqual({
      data: { product: { name: 'Laptop' } },
    });
  });

  it('are possible in a description that is loaded while serving', async () => {
    await writeFile(supergraphPath, described(supergraph, '\n  - three\n\u3000- four\n'));
    await until(async () => (await description()) === '  - three\n\u3000- four');
  });
});

/** The supergraph with another description of a type that has one. */
function described(sdl: string, text: string): string {
  const changed = sdl.replace(
    /"""[^"]*"""\s*type LoginPayload\b/,
    `"""${text}"""\ntype LoginPayload`,
  );
  if (changed === sdl) throw new Error('Expected a description to replace.');
  return changed;
}
