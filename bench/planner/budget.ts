import { createOwnPlanner } from '../../engine/planning/own-planner.ts';
import { PlanBudget } from '../../engine/planning/plan-budget.ts';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { planRequestOf } from '../../test/support/plan-request.ts';

/**
 * What planning costs at most: operations that are made to be as expensive for the planner as they can be, each at
 * growing sizes up to the one that is refused. Prints for each kind the longest planning, by CPU time, and its steps.
 *
 *   node --import tsx bench/planner/budget.ts [part of a kind's name]
 */
interface Attack {
  readonly supergraph: string;
  /** An operation of a size. */
  readonly text: (size: number) => string;
}

const many = (count: number, make: (index: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(between);

/** A supergraph with so many subgraphs, without composing it. */
function supergraph(graphs: number, types: string): string {
  return `
    schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }
    directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
    directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
    directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
    directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
    directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
    directive @join__graph(name: String!, url: String!) on ENUM_VALUE
    scalar join__FieldSet scalar link__Import enum link__Purpose { SECURITY EXECUTION }
    enum join__Graph { ${many(graphs, (at) => `G${at} @join__graph(name: "g${at}", url: "http://g${at}")`)} }
    directive @mark(at: Int) repeatable on FIELD | INLINE_FRAGMENT | FRAGMENT_SPREAD | FRAGMENT_DEFINITION
    ${types}`;
}

const inAll = (graphs: number, more = ''): string =>
  many(graphs, (at) => `@join__type(graph: G${at}${more})`);

/** All subgraphs have the entity and its fields; what only some have is spread over them. */
const shared = supergraph(
  40,
  `type Query ${inAll(40)} { t: T @join__field(graph: G0) all: [T] }
   type T ${inAll(40, ', key: "id"')} { id: ID! same: T name: String ${many(200, (at) => `f${at}: String @join__field(graph: G${at % 40}) @join__field(graph: G${(at + 7) % 40}) t${at}: T @join__field(graph: G${at % 40}) @join__field(graph: G${(at + 11) % 40})`)} }`,
);
/** Each subgraph finds the entity by a key that only the one before knows. */
const chain = supergraph(
  30,
  `type Query ${inAll(30)} { t: T @join__field(graph: G0) }
   type T ${many(30, (at) => `@join__type(graph: G${at}, key: "k${at}")`)} { ${many(30, (at) => `k${at}: ID! @join__field(graph: G${at}) @join__field(graph: G${(at + 29) % 30}) f${at}: String @join__field(graph: G${at}) t${at}: T @join__field(graph: G${at})`)} }`,
);
/** Keys that are objects with keys of their own. */
const nestedKeys = supergraph(
  12,
  `type Query ${inAll(12)} { t: T @join__field(graph: G0) }
   type T ${many(12, (at) => `@join__type(graph: G${at}, key: "p${at} { id q { id } }")`)} { ${many(12, (at) => `p${at}: P @join__field(graph: G${at}) @join__field(graph: G${(at + 11) % 12}) f${at}: String @join__field(graph: G${at}) r${at}: String @join__field(graph: G${at}, requires: "p${at} { q { id more${(at + 1) % 12} } }") t${at}: T @join__field(graph: G${at})`)} }
   type P ${inAll(12)} { id: ID! q: Q } type Q ${inAll(12, ', key: "id"')} { id: ID! ${many(12, (at) => `more${at}: Int @join__field(graph: G${at})`)} }`,
);
/** An interface and a union of 300 types, of which each has fields of its own, in three subgraphs. */
const wideTypes = supergraph(
  3,
  `type Query ${inAll(3)} { n: N ns: [N] u: U }
   interface N ${inAll(3, ', key: "id"')} { id: ID! name: String next: N u: U }
   union U ${inAll(3)} ${many(300, (at) => `@join__unionMember(graph: G0, member: "T${at}") @join__unionMember(graph: G1, member: "T${at}")`)} = ${many(300, (at) => `T${at}`, ' | ')}
   ${many(8, (of) => `union U${of} ${inAll(3)} ${many(300, (at) => `@join__unionMember(graph: G0, member: "T${at}")`)} = ${many(300, (at) => `T${at}`, ' | ')}`)}
   ${many(300, (at) => `type T${at} implements N ${inAll(3, ', key: "id"')} ${many(3, (graph) => `@join__implements(graph: G${graph}, interface: "N")`)} { id: ID! name: String @join__field(graph: G${at % 3}) next: N @join__field(graph: G${(at + 1) % 3}) u: U @join__field(graph: G${at % 2}) own${at}: String @join__field(graph: G${at % 2}) }`)}`,
);

const nested = (
  depth: number,
  around: (inner: string, level: number) => string,
  leaf: string,
): string => {
  let text = leaf;
  for (let level = 0; level < depth; level += 1) text = around(text, level);
  return text;
};

const attacks: Readonly<Record<string, Attack>> = {
  'one field under many aliases': {
    supergraph: shared,
    text: (size) => `{ t { ${many(size, (at) => `a${at}: name`)} } }`,
  },
  'fields of two subgraphs each, under aliases': {
    supergraph: shared,
    text: (size) => `{ t { ${many(size, (at) => `a${at}: f${at % 200}`)} } }`,
  },
  'objects of two subgraphs each, under aliases': {
    supergraph: shared,
    text: (size) =>
      `{ t { ${many(size, (at) => `a${at}: t${at % 200} { f${(at + 3) % 200} f${(at + 5) % 200} }`)} } }`,
  },
  'deep, through other subgraphs at each level': {
    supergraph: shared,
    text: (size) =>
      `{ t ${nested(size, (inner, level) => `{ f${(level * 3) % 200} t${(level * 7) % 200} ${inner} }`, '{ name }')} }`,
  },
  'deep in one subgraph': {
    supergraph: shared,
    text: (size) => `{ t ${nested(size, (inner) => `{ same ${inner} }`, '{ name }')} }`,
  },
  'fragments that multiply': {
    supergraph: shared,
    text: (size) =>
      `{ t { ...F0 } } ${many(Math.ceil(Math.log2(size + 1)), (at) => `fragment F${at} on T { a: t${at} { ...F${at + 1} } b: t${at + 1} { ...F${at + 1} } }`)} fragment F${Math.ceil(Math.log2(size + 1))} on T { f1 f2 }`,
  },
  'fragments within fragments': {
    supergraph: shared,
    text: (size) =>
      `{ t { ...F0 } } ${many(size, (at) => `fragment F${at} on T { f${at % 200} ...F${at + 1} }`)} fragment F${size} on T { name }`,
  },
  'directives around fields': {
    supergraph: shared,
    text: (size) => `{ t { ${many(size, (at) => `... @mark(at: ${at}) { name }`)} } }`,
  },
  'directives around directives': {
    supergraph: shared,
    text: (size) =>
      `{ t ${nested(size, (inner, level) => `{ ... @mark(at: ${level}) ${inner} f${level % 200} }`, '{ name }')} }`,
  },
  'a field over and over': {
    supergraph: shared,
    text: (size) => `{ t { ${many(size, () => 'name')} } }`,
  },
  'sets over and over': {
    supergraph: shared,
    text: (size) => `{ t { ${many(size, (at) => `same { f${at % 200} }`)} } }`,
  },
  'long arguments of directives': {
    supergraph: shared,
    text: (size) =>
      `{ t { name ${many(8, (at) => `@mark(at: [${many(size, () => String(at))}])`)} } }`,
  },
  'a chain of keys': {
    supergraph: chain,
    text: (size) => `{ t { ${many(size, (at) => `a${at}: f${29 - (at % 30)}`)} } }`,
  },
  'chains of keys, one below the other': {
    supergraph: chain,
    text: (size) =>
      `{ t ${nested(size, (inner, level) => `{ t${29 - (level % 3)} ${inner} }`, '{ f29 }')} }`,
  },
  'chains of keys, side by side': {
    supergraph: chain,
    text: (size) =>
      `{ t { t0 { ${many(size, (at) => `a${at}: t0 { f${at % 30} t${at % 30} { f${29 - (at % 30)} } }`)} } } }`,
  },
  'keys of objects': {
    supergraph: nestedKeys,
    text: (size) =>
      `{ t { ${many(size, (at) => `a${at}: f${11 - (at % 12)} b${at}: r${at % 12}`)} } }`,
  },
  'keys of objects, one below the other': {
    supergraph: nestedKeys,
    text: (size) =>
      `{ t ${nested(size, (inner, level) => `{ r${level % 12} t${11 - (level % 3)} ${inner} }`, '{ f11 r3 }')} }`,
  },
  'an interface, deep': {
    supergraph: wideTypes,
    text: (size) => `{ n ${nested(size, (inner) => `{ id next ${inner} }`, '{ name }')} }`,
  },
  'an interface, under aliases': {
    supergraph: wideTypes,
    text: (size) => `{ ${many(size, (at) => `a${at}: n { id name next { name } }`)} }`,
  },
  'types of an interface, each for itself': {
    supergraph: wideTypes,
    text: (size) =>
      `{ n { ${many(Math.min(size, 300), (at) => `... on T${at} { own${at} }`)} ${many(Math.max(0, size - 300), (at) => `a${at}: name`)} } }`,
  },
  'types of an interface, in each other': {
    supergraph: wideTypes,
    text: (size) =>
      nested(
        3,
        (inner, level) => `{ ${level === 2 ? 'n' : 'next'} ${inner} }`,
        `{ ${many(size, (at) => `... on T${at} { own${at} }`)} }`,
      ),
  },
  'types in types in types': {
    supergraph: wideTypes,
    text: (size) =>
      `{ n ${nested(4, (inner) => `{ ${many(size, (at) => `... on T${at} { own${at} next { ...on N { id } } }`)} ...on T0 { next ${inner} } ...on T1 { next ${inner} } }`, '{ id }')} }`,
  },
  'a set of types on each level': {
    supergraph: wideTypes,
    text: (size) =>
      `{ n ${nested(size, (inner) => `{ ...on T0 { own0 } ...on T1 { own1 } next ${inner} }`, '{ name }')} }`,
  },
  'unions as conditions': {
    supergraph: wideTypes,
    text: (size) =>
      `{ u { ${many(size, (at) => `... on U${at % 8} { ... on T${at % 300} { a${at}: id } }`)} } }`,
  },
  'unions in unions': {
    supergraph: wideTypes,
    text: (size) =>
      `{ u ${nested(size, (inner) => `{ ... on N { u ${inner} } }`, '{ ... on T1 { own1 } }')} }`,
  },
};

const [only = ''] = process.argv.slice(2);
let spent = 0;
const spend = PlanBudget.prototype.spend;
PlanBudget.prototype.spend = function (steps) {
  spent += steps;
  spend.call(this, steps);
};

process.stdout.write(
  '| kind | size | steps | CPU | µs a step | |\n| --- | ---: | ---: | ---: | ---: | --- |\n',
);
for (const [name, { supergraph: sdl, text }] of Object.entries(attacks)) {
  if (!name.includes(only)) continue;
  const planner = createOwnPlanner(readSupergraph(sdl));
  let worst = { size: 0, steps: 0, ms: 0, isRefused: false };
  for (let size = 4; size <= 40_000; size = Math.ceil(size * 1.5)) {
    if (name.includes('in each other') && size > 300) break;
    const request = planRequestOf(text(size));
    const runs = [0, 1, 2].map(() => {
      spent = 0;
      const from = process.cpuUsage();
      let isRefused = false;
      try {
        planner.plan(request);
      } catch (error) {
        if ((error as { code?: string }).code !== 'OPERATION_TOO_COMPLEX')
          process.stdout.write(`${name} ${size}: ${String(error)}\n`);
        isRefused = true;
      }
      const { user, system } = process.cpuUsage(from);
      return { size, steps: spent, ms: (user + system) / 1_000, isRefused };
    });
    // The least of some: a collection of garbage or the compiler may come along.
    const [least] = runs.sort((one, other) => one.ms - other.ms);
    if (least && least.ms > worst.ms) worst = least;
    if (least?.isRefused === true || (least && least.ms > 3_000)) break;
  }
  const { size, steps, ms, isRefused } = worst;
  process.stdout.write(
    `| ${name} | ${size} | ${Math.round(steps)} | ${ms.toFixed(1)} ms | ${((ms * 1_000) / steps).toFixed(1)} | ${isRefused ? 'refused' : ''} |\n`,
  );
}
