/**
 * Plans one operation with the native planner: reads the arguments as JSON and prints the plan, in a process of its own
 * because the planner may end it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { from, supergraphSdl, text, labels, percentage } = JSON.parse(readFileSync(0, 'utf8'));
const { QueryPlanner } = createRequire(from)('@graphql-hive/router-query-planner');
const plan = new QueryPlanner(supergraphSdl).plan(text, undefined, new Set(labels), percentage);
process.stdout.write(JSON.stringify(plan));
