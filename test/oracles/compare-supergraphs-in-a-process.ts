import { compareOnRandomSupergraphs } from '../support/oracles/random-supergraphs.ts';

/** Compares random operations on random supergraphs and prints the report as JSON. */
const [supergraphs = 20, firstSeed = 1, operations = 6] = process.argv.slice(2).map(Number);
const report = await compareOnRandomSupergraphs({
  supergraphs,
  firstSeed,
  operations,
  shrinkMs: 120_000,
});
process.stdout.write(`${JSON.stringify(report)}\n`);
