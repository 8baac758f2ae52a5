import { PlanBudget } from '../gateway/planning/plan-budget.ts'; let steps = 0; const sp = PlanBudget.prototype.spend; PlanBudget.prototype.spend = function (n) { steps += n; sp.call(this, n); };
import { readFileSync } from 'node:fs';
import { parse, type OperationDefinitionNode, type FragmentDefinitionNode } from 'graphql';
import { readSupergraph } from '../gateway/planning/supergraph.ts';
import { createOwnPlanner } from '../gateway/planning/own-planner.ts';
const planner = createOwnPlanner(readSupergraph(readFileSync('supergraph.graphql', 'utf8')));
function run(name: string, q: string) {
  const doc = parse(q);
  const operation = doc.definitions.find((d) => d.kind === 'OperationDefinition') as OperationDefinitionNode;
  const fragments = new Map(doc.definitions.filter((d) => d.kind === 'FragmentDefinition').map((d) => [(d as FragmentDefinitionNode).name.value, d as FragmentDefinitionNode]));
  for (let i = 0; i < 2; i++) {
    const u = process.cpuUsage(); const t = performance.now();
    let r = 'ok'; steps = 0;
    try { planner.plan({ operation, fragments, operationName: undefined, conditions: new Map(), activeLabels: new Set() }); } catch (e) { r = String(e).slice(0, 60); }
    const d = process.cpuUsage(u);
    console.log(name, r, steps, 'cpu', ((d.user + d.system) / 1000).toFixed(1), 'wall', (performance.now() - t).toFixed(1));
  }
}
let b = 'query { ...F0 }'; for (let i = 0; i < 14; i++) b += ` fragment F${i} on Query { order(id: "1") { id } ...F${i + 1} }`; b += ' fragment F14 on Query { __typename }';
run('chain', b);
let u = 'query { order(id: "1") { user { ...F0 } } }'; for (let i = 0; i < 12; i++) u += ` fragment F${i} on User { a: orders(first: 1) { nodes { user { ...F${i + 1} } } } b: orders(first: 2) { nodes { user { ...F${i + 1} } } } c: orders(first: 3) { nodes { user { ...F${i + 1} } } } }`; u += ' fragment F12 on User { id name }';
run('bomb', u);
let n = '{'; for (let i = 0; i < 55; i++) n += '... on Query {'; n += 'order(id:"1"){id}'; for (let i = 0; i < 55; i++) n += '}'; n += '}';
run('nested', n);
run('1000', '{' + Array.from({ length: 1000 }, (_, i) => `a${i}: order(id: "${i}") { id user { name } items { product { name } } }`).join(' ') + '}');
run('1000 leaves', '{ order(id: "1") { user {' + Array.from({ length: 1000 }, (_, i) => `a${i}: name`).join(' ') + '} } }');
let deep = 'id name'; for (let i = 0; i < 40; i++) deep = `orders(first: 1) { nodes { user { ${deep} } } }`;
run('deep', `{ order(id: "1") { user { ${deep} } } }`);
