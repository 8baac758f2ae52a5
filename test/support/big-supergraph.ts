/** How large: by default 50 subgraphs with 5,000 types. */
export interface BigSupergraph {
  readonly subgraphs?: number;
  readonly entitiesEach?: number;
}

/**
 * Schemas of many subgraphs, by name and without the federation link: entities that two other subgraphs extend and
 * require fields of, values, enums, inputs, interfaces and unions, of each subgraph its own. The same numbers, the same text.
 */
export function bigSupergraph({ subgraphs = 50, entitiesEach = 20 }: BigSupergraph = {}): Readonly<
  Record<string, string>
> {
  return Object.fromEntries(
    Array.from({ length: subgraphs }, (_, at) => [
      `graph${at}`,
      schemaOf(at, subgraphs, entitiesEach),
    ]),
  );
}

function schemaOf(at: number, subgraphs: number, entities: number): string {
  const each = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const before = (distance: number): number => (at + subgraphs - distance) % subgraphs;
  const entity = (of: number, index: number): string => `E${of}_${index % entities}`;
  const roots = each(entities, (index) =>
    [
      `entity${at}_${index}(id: ID!): ${entity(at, index)}`,
      `list${at}_${index}(first: Int = 2, in: In${at}_${index % 5}): [${entity(at, index)}!]`,
    ].join(' '),
  );
  const own = each(
    entities,
    (index) => `
      type ${entity(at, index)} implements Named${at}_${index % 5} @key(fields: "id")${index % 3 === 0 ? ' @key(fields: "sku")' : ''} {
        id: ID! sku: String! name(upper: Boolean = false): String size: Int rank: Float!
        kind: Kind${at}_${index % 10} value: V${at}_${index} next: ${entity(at, index + 1)} all: [${entity(at, index + 3)}!]
        named: Named${at}_${index % 5} some: [Some${at}_${index % 5}]
      }`,
  );
  const extended = [1, 7].flatMap((distance) =>
    each(entities, (index) => {
      const of = before(distance);
      const key = index % 3 === 0 && distance === 7 ? 'sku: String!' : 'id: ID!';
      return `
      type ${entity(of, index)} @key(fields: "${key.split(':')[0]}") {
        ${key} size: Int @external from${at}_${distance}(x: Int): String linked${at}_${distance}: ${entity(at, index)}
        sum${at}_${distance}: Int @requires(fields: "size")
      }`;
    }),
  );
  const values = each(
    entities * 3,
    (index) =>
      `type V${at}_${index} { x: Int y: [String!] inner: V${at}_${(index + entities) % (entities * 3)} of: ${entity(at, index)} }`,
  );
  const others = [
    ...each(10, (index) => `enum Kind${at}_${index} { ONE TWO THREE }`),
    ...each(
      5,
      (index) =>
        `input In${at}_${index} { kind: Kind${at}_${index} = ONE text: String deep: In${at}_${index} }`,
    ),
    ...each(
      5,
      (index) => `interface Named${at}_${index} { id: ID! name(upper: Boolean = false): String }`,
    ),
    ...each(
      5,
      (index) =>
        `union Some${at}_${index} = ${entity(at, index)} | V${at}_${index} | ${entity(at, index + 5)}`,
    ),
  ];
  return [`type Query { ${roots.join(' ')} }`, ...own, ...extended, ...values, ...others].join(
    '\n',
  );
}
