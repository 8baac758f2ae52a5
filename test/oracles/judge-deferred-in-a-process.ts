import { judgeRandomDeferred } from '../support/oracles/random-deferred.ts';
import { shapes } from './shapes.ts';

/** Judges plans for random operations with `@defer` and prints the report as JSON. */
const numbers = process.argv.slice(2).map(Number);
const [operations = 100, firstSeed = 1, randomSupergraphs = 10] = numbers;
const report = await judgeRandomDeferred(Object.values(shapes), {
  operations,
  firstSeed,
  randomSupergraphs,
});
process.stdout.write(`${JSON.stringify(report)}\n`);
