import { parse, validate } from 'graphql';
import type { PlannerChoice } from '../../../gateway/planning/choose.ts';
import { conflictingOperation, departments, fatalOperation } from '../../support/departments.ts';
import { differenceOf } from '../../support/oracles/compare.ts';
import { Oracle } from '../../support/oracles/oracle.ts';

/**
 * Answers the operation that ends the native planner's process, and `count` random ones of its kind, and prints as JSON
 * how many were valid and which were answered wrong. Run apart, so that the end of this process is not that of the tests.
 */
const [planner = 'auto', first = '1', count = '0'] = process.argv.slice(2);
const oracle = new Oracle({ schemas: departments });
const seeds = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);
const operations = [fatalOperation, ...seeds.map(conflictingOperation)].filter(
  (text) => validate(oracle.apiSchema, parse(text)).length === 0,
);
const wrong: { text: string; difference: string }[] = [];
for (const [seed, text] of operations.entries()) {
  const operation = { text, variables: {} };
  const world = { seed, misfortune: 0 };
  try {
    const answer = await oracle.ask(planner as PlannerChoice, operation, world);
    const difference = differenceOf(oracle.expect(operation, world), answer);
    if (difference !== undefined) wrong.push({ text, difference });
  } catch (error) {
    wrong.push({ text, difference: String(error) });
  }
}
console.log(JSON.stringify({ answered: operations.length, wrong }));
