import { compareRandomOperations } from '../support/oracles/random-operations.ts';
import { shapes } from './shapes.ts';

/** Compares random operations on one supergraph and prints the report as JSON. */
const [name = '', ...numbers] = process.argv.slice(2);
const shape = new Map(Object.entries(shapes)).get(name);
if (!shape) throw new Error(`Expected one of ${Object.keys(shapes).join(', ')}; got "${name}".`);
const [operations = 500, firstSeed = 1, gatewayEvery = 5] = numbers.map(Number);
const report = await compareRandomOperations(shape, { operations, firstSeed, gatewayEvery });
process.stdout.write(`${JSON.stringify(report)}\n`);
