import { readFileSync } from 'node:fs';
import { planOf } from '../../test/support/engine-request.ts';
import type { ComparedPlanner } from '../../test/support/oracles/oracle.ts';
import { figureOf } from '../measure/statistics.ts';
import { engineWith, type PlannedRequest, requestOf } from './engine.ts';

/** What it takes to load a supergraph into one planner. */
export interface LoadFigures {
  /** The median of several loads. */
  readonly loadMs: number;
  /** By how much the process has grown, its garbage collected, once the supergraph is loaded and each operation was planned. */
  readonly memoryBytes: number;
}

/** What such a process reads from its standard input, as JSON. */
export interface LoadInput {
  readonly planner: ComparedPlanner;
  readonly supergraphPath: string;
  readonly requests: readonly PlannedRequest[];
}

const loadsMax = 5;
const loadMsMax = 10_000;
/** It is loaded first, so that what follows is not about the program's own code. */
const other = readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8');

const input = JSON.parse(readFileSync(0, 'utf8')) as LoadInput;
process.stdout.write(JSON.stringify(load(input)));

function load({ planner, supergraphPath, requests }: LoadInput): LoadFigures {
  const sdl = readFileSync(supergraphPath, 'utf8');
  const query = { text: '{ __typename }', variables: {}, labels: [] };
  planOf(engineWith(planner, other), requestOf(query));
  global.gc?.();
  const before = process.memoryUsage.rss();
  const times: number[] = [];
  const timed = (): ReturnType<typeof engineWith> => {
    const from = performance.now();
    const engine = engineWith(planner, sdl);
    times.push(performance.now() - from);
    return engine;
  };
  const engine = timed();
  for (const request of requests) {
    try {
      planOf(engine, requestOf(request));
    } catch {
      // An operation without a plan is counted elsewhere.
    }
  }
  global.gc?.();
  const memoryBytes = process.memoryUsage.rss() - before;
  const begin = performance.now();
  while (times.length < loadsMax && performance.now() - begin < loadMsMax) timed();
  return { loadMs: figureOf(times).median, memoryBytes };
}
