import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { inFolderOf } from './folder-of.ts';
import { type Ran, runSupergraph, runSupergraphIn } from './run-supergraph.ts';

const order = 'test/contract/order.graphql';

describe('npm run supergraph -- plan', () => {
  it("prints the gateway's plan in the notation of Apollo's tools", async () => {
    const { code, out } = await runSupergraph('plan', order);
    expect(code).toBe(0);
    expect(out).toMatch(/^QueryPlan \{\n {2}Sequence \{\n {4}Fetch\(service: "orders"\) \{/);
    expect(out).toContain('service: "products"');
    expect(out).toContain('service: "users"');
  });

  it('plans on a composed supergraph, the same', async () => {
    const onFile = await runSupergraph('plan', order, '--supergraph', 'supergraph.graphql');
    expect(onFile).toEqual(await runSupergraph('plan', order));
  });

  it("prints the JSON of Apollo's planner", async () => {
    const { out } = await runSupergraph('plan', order, '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      kind: 'QueryPlan',
      node: { kind: 'Sequence', nodes: [{ kind: 'Fetch', serviceName: 'orders' }, {}] },
    });
  });

  it('draws a chart of what waits for what', async () => {
    const { out } = await runSupergraph('plan', order, '--format', 'mermaid');
    expect(out.split('\n')).toEqual([
      'flowchart LR',
      '  request1["orders<br/>order"]',
      expect.stringMatching(/^ {2}request2\["(users|products)<br\/>\w+ at order\./),
      expect.stringMatching(/^ {2}request3\["(users|products)<br\/>\w+ at order\./),
      '  request1 --> request2',
      '  request1 --> request3',
    ]);
  });

  it('takes an operation from the standard input', async () => {
    const { code, out } = await planOf('{ product(id: "1") { name } }');
    expect(code).toBe(0);
    expect(out).toContain('Fetch(service: "products")');
  });

  it('asks for the conditions that decide the plan, and uses what variables say', async () => {
    const text =
      'query Q($a: Boolean!, $b: Boolean = false) { product(id: "1") { name @include(if: $a) id @skip(if: $b) } }';
    expect(await planOf(text)).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        `The plan depends on $a.\n  fix: Say what it is: --variables '{"a":true}'`,
      ),
    });
    const without = await planOf(text, '--variables', '{"a":false}');
    expect(without.code).toBe(0);
    expect(without.out).not.toContain('name');
    expect((await planOf(text, '--variables', '{"a":true}')).out).toContain('name');
    expect(await planOf(text, '--variables', '[')).toMatchObject({
      code: 3,
      err: expect.stringContaining('--variables is not a JSON object: ['),
    });
  });

  it('plans the operation that is named', async () => {
    const text = 'query A { product(id: "1") { name } } query B { order(id: "1") { id } }';
    expect(await planOf(text)).toMatchObject({
      code: 1,
      err: expect.stringContaining('Give --operation with one of: A, B.'),
    });
    expect((await planOf(text, '--operation', 'B')).out).toContain('service: "orders"');
    expect(await planOf(text, '--operation', 'C')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no operation "C"'),
    });
  });

  it('says where an operation is wrong', async () => {
    expect(await planOf('{ product(id: "1") {\n  nmae } }')).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^standard input:2:3: OPERATION_INVALID\n.*Did you mean "name"\?\n {2}2 \| {3}nmae \} \}\n {4}\| {3}\^/,
      ),
    });
    expect(await planOf('{ product(')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^standard input:1:11: OPERATION_INVALID/),
    });
  });

  it.each([
    [[], 'Which operation?'],
    [['nowhere.graphql'], 'Cannot read nowhere.graphql'],
    [[order, '--format', 'svg'], '--format is one of text, json, mermaid; got "svg"'],
    [[order, '--supergraph', 'nowhere.graphql'], 'Cannot read nowhere.graphql'],
  ])('refuses %j: %s', async (args, message) => {
    expect(await runSupergraph('plan', ...args)).toMatchObject({
      code: 3,
      err: expect.stringContaining(message),
    });
  });

  it('says that subgraphs do not compose, and that a supergraph is none', async () => {
    await inFolderOf(
      {
        'supergraph.yaml':
          'subgraphs: { a: { routing_url: "http://127.0.0.1/a", schema: { sdl: "type Query { a: Foo }" } } }',
        'a.graphql': 'type Query { a: Int }',
      },
      async (folder) => {
        expect(
          await runSupergraph('plan', order, '--config', `${folder}/supergraph.yaml`),
        ).toMatchObject({ code: 2, err: expect.stringContaining('Unknown type Foo') });
        expect(
          await runSupergraph('plan', order, '--supergraph', `${folder}/a.graphql`),
        ).toMatchObject({ code: 1, err: expect.stringContaining('it is not a supergraph') });
      },
    );
  });
});

function planOf(text: string, ...args: readonly string[]): Promise<Ran> {
  return runSupergraphIn({ input: Readable.from([Buffer.from(text)]) }, 'plan', '-', ...args);
}
