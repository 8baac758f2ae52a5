/** A request that costs its sender nothing. */
export interface Attack {
  /** Its number among the threats. */
  readonly threat: number;
  readonly title: string;
  readonly body: () => string;
}

const many = (count: number, of: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => of(n)).join(' ');

const operation = (query: string, variables = '{}'): string =>
  `{"query":${JSON.stringify(query)},"variables":${variables}}`;

const search = 'query ($f: CatalogFilter) { catalog(filter: $f) { nodes { id } } }';

const nested = (levels: number): string =>
  operation(search, `{"f":{"search":${'['.repeat(levels)}${']'.repeat(levels)}}}`);

/** Attacks on the storefront's graph; each is smaller than 256 KB, so that no limit of bodies stops it. */
export const attacks: readonly Attack[] = [
  {
    threat: 1,
    title: 'fields 500 deep',
    body: () =>
      operation(
        `{ product(id: "1") ${'{ reviews { product '.repeat(250)} { id } ${'} }'.repeat(250)} }`,
      ),
  },
  {
    threat: 2,
    title: '10,000 aliases',
    body: () => operation(`{ product(id: "1") { ${many(10_000, (n) => `a${n}: name`)} } }`),
  },
  {
    threat: 4,
    title: 'an aliased fragment bomb of 2^12',
    body: () =>
      operation(
        `{ product(id: "1") { ...F0 } } fragment F12 on Product { id } ` +
          many(
            12,
            (n) =>
              `fragment F${n} on Product { a: reviews(first: 1) { product { ...F${n + 1} } } b: reviews(first: 1) { product { ...F${n + 1} } } }`,
          ),
      ),
  },
  {
    threat: 8,
    title: '80,000 tokens',
    body: () => operation(`{ product(id: "1") { ${many(80_000, () => 'id')} } }`),
  },
  {
    threat: 10,
    title: 'a variable with 20,000 wrong members',
    body: () => operation(search, `{"f":{${many(20_000, (n) => `"m${n}":1,`)}"search":1}}`),
  },
  { threat: 11, title: 'a variable 5,000 deep', body: () => nested(5_000) },
  { threat: 11, title: 'a variable 100,000 deep', body: () => nested(100_000) },
];
