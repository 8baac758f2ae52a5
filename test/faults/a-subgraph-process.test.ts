import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from '../gateway/small-graph.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';

/** Answers everything like the books subgraph; plain JavaScript, so that it starts quickly. */
const subgraphProgram = `
  require('node:http').createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"books":[{"title":"Notes"}],"__typename":"Query"}}');
    });
  }).listen(Number(process.argv[1]), '127.0.0.1', () => console.log('listening'));
`;

/** A subgraph whose process is killed and restarted while clients call the gateway. */
describe('faults/a subgraph process', () => {
  let port: number;
  let graph: SmallGraph;
  let gateway: TestGateway;
  let subgraph: ChildProcess;

  beforeAll(async () => {
    port = await freePort();
    subgraph = await start();
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph, {
      environment: { SUBGRAPH_BOOKS_URL: `http://127.0.0.1:${port}/graphql` },
    });
  });
  afterAll(async () => {
    await kill();
    await gateway.stop();
    await graph.stop();
  });

  it('causes errors with a code, and is served again when it is back, without a restart of the gateway', async () => {
    const answers: Record<string, number> = {};
    let isOver = false;
    const client = async (): Promise<void> => {
      while (!isOver) {
        const { errors } = await gateway.ask('{ books { title } }');
        const { code: answer = 'well' } = (errors?.[0]?.extensions ?? {}) as { code?: string };
        answers[answer] = (answers[answer] ?? 0) + 1;
      }
    };
    const clients = Promise.all(Array.from({ length: 8 }, client));
    try {
      await eventually(
        () => answers,
        ({ well = 0 }) => well > 20,
      );
      await kill();
      await eventually(
        () => answers,
        ({ SUBGRAPH_ERROR: missed = 0 }) => missed > 20,
      );
      const { states } = await eventually(ready, ({ states }) => states.books === 'down');
      expect(Object.keys(states).sort()).toEqual(['authors', 'books']);

      subgraph = await start();
      const { well: before = 0 } = answers;
      await eventually(
        () => answers,
        ({ well = 0 }) => well > before + 20,
      );
    } finally {
      isOver = true;
      await clients;
    }
    // On a busy machine a call may time out, too.
    const kinds = ['SUBGRAPH_ERROR', 'SUBGRAPH_TIMEOUT', 'well'];
    for (const answer of Object.keys(answers)) expect(kinds).toContain(answer);
    await eventually(ready, ({ states }) => states.books === 'up');
  });

  async function start(): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['-e', subgraphProgram, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  }

  async function kill(): Promise<void> {
    const exited = once(subgraph, 'exit');
    subgraph.kill('SIGKILL');
    await exited;
  }

  /** The gateway's report about its subgraphs. */
  async function ready(): Promise<{ readonly states: Readonly<Record<string, string>> }> {
    const response = await fetch(`${gateway.url}/readyz`);
    const { subgraphs = {} } = (await response.json()) as { subgraphs?: Record<string, string> };
    return { states: subgraphs };
  }
});
