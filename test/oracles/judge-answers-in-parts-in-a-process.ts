import {
  judgeAnswersInParts,
  type PartsReport,
} from '../support/oracles/judge-answers-in-parts.ts';
import { Oracle } from '../support/oracles/oracle.ts';
import { shapes } from './shapes.ts';

/** Judges answers in parts to random operations on each supergraph, and prints the report as JSON. */
const [operations = 100, firstSeed = 1] = process.argv.slice(2).map(Number);
const report: PartsReport = {
  counts: { operations: 0, inParts: 0, failing: 0, parts: 0 },
  wrong: [],
};
for (const shape of Object.values(shapes))
  await judgeAnswersInParts(new Oracle(shape), operations, firstSeed, report);
process.stdout.write(`${JSON.stringify(report)}\n`);
