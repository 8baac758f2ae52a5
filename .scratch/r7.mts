import { compose } from '/work/wt/planner/test/support/federation.ts';
import { readSupergraph } from '/work/wt/planner/gateway/planning/supergraph.ts';
import { createOwnPlanner } from '/work/wt/planner/gateway/planning/own-planner.ts';
import { planAsText } from '/work/wt/planner/gateway/planning/print-plan.ts';
import { PlanBudget } from '/work/wt/planner/gateway/planning/plan-budget.ts';
import { parse } from 'graphql';
const sdl = compose({ b: `type E0 @key(fields: "code zone") {
  code: Int!
  zone: String!
  f3: [E0] @provides(fields: "f1")
  f4: Boolean!
  f5: [Json!] @external
  f2(kind: Kind! = ONE, text: String): [[Boolean]] @external
  r7: [E0] @requires(fields: "f5 f2(kind: TWO)")
  f1: [Boolean!]! @external
}
scalar Json
enum Kind { ONE TWO THREE }`, c: `type E0 @key(fields: "id") { id: ID! f5: [Json!] } scalar Json`, d: `
type E0 @key(fields: "id") @key(fields: "code zone") {
  id: ID!
  code: Int!
  zone: String!
  f1: [Boolean!]! @shareable
  f2(kind: Kind! = ONE): [[Boolean]]
  f4: Boolean! @external
  r9: Float @requires(fields: "f4")
}
enum Kind { ONE TWO THREE }
type Query { q19: E0! }`});
const planner = createOwnPlanner(readSupergraph(sdl));
const spend = PlanBudget.prototype.spend;
let n = 0; const sites = new Map<string, number>();
PlanBudget.prototype.spend = function (k) { n += k; const s = new Error().stack!.split('\n')[2]!.trim(); sites.set(s, (sites.get(s) ?? 0) + k); if (n > 1e6) throw new Error('over'); };
for (const q of ['{ q19 { r7 { code }} }', '{ q19 { r7 { r7 { code }}} }', '{ q19 { r7 { r7 {r7 { code }}}} }','{ q19 { r7 { r7 {r7 {r7 { code }}}}} }']) {
  n = 0; sites.clear();
  const doc = parse(q);
  try {
  const { plan } = planner.plan({ operation: doc.definitions[0] as never, fragments: new Map(), operationName: undefined, conditions: new Map(), activeLabels: new Set() });
  } catch (e) { console.log(String(e)); }
  console.log(q, n, [...sites].sort((a, b) => b[1] - a[1]).slice(0, 5));
}
