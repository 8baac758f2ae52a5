import { createRandom } from './oracles/random.ts';

/** An entity below types that exclude each other, with fields in two subgraphs that take arguments. */
export const departments: Readonly<Record<string, string>> = {
  catalog: `
    type Query { departments: [Department!] department: Department }
    interface Department { id: ID! photo: Photo }
    type Aquatics implements Department { id: ID! photo: Photo }
    type Reptiles implements Department { id: ID! photo: Photo }
    type Mammals implements Department { id: ID! photo: Photo }
    type Photo @key(fields: "id") { id: ID! title(language: String): String owner: Owner }
    type Owner @key(fields: "id") { id: ID! name: String }
  `,
  media: `
    type Photo @key(fields: "id") { id: ID! thumbnail(width: Int): String colour(of: Int): String taken: String by: Owner }
    type Owner @key(fields: "id") { id: ID! portrait(width: Int): String city: String }
  `,
};

/** What ends the native planner's process: one key for one field with two sets of arguments. */
export const fatalOperation =
  '{ departments { ... on Aquatics { photo { thumbnail(width: 1) } } ... on Reptiles { photo { thumbnail(width: 2) } } } }';

/** An operation in which keys often stand for several fields; it is not always valid. */
export function conflictingOperation(seed: number): string {
  const random = createRandom(seed);
  const keys = ['a', 'b', 'thumbnail', 'title', 'colour'];
  const pick = (make: () => string): string =>
    Array.from({ length: 1 + random.below(3) }, make).join(' ');
  const leaf = (fields: readonly string[]): string => {
    const field = random.pick(fields);
    return random.chance(0.6) ? field : `${random.pick(keys)}: ${field}`;
  };
  const argument = (): string => (random.chance(0.3) ? '' : `${1 + random.below(3)}`);
  const sized = (field: string, name: string): string => {
    const value = argument();
    return value === '' ? field : `${field}(${name}: ${value})`;
  };
  const owner = (): string =>
    `{ ${pick(() => leaf(['name', 'city', sized('portrait', 'width')]))} }`;
  const photo = (): string =>
    pick(() =>
      random.chance(0.25)
        ? `${random.pick(['', 'o: '])}${random.pick(['owner', 'by'])} ${owner()}`
        : leaf(['taken', 'title', sized('thumbnail', 'width'), sized('colour', 'of')]),
    );
  const types = ['Aquatics', 'Reptiles', 'Mammals', 'Department'];
  const under = pick(() => `... on ${random.pick(types)} { photo { ${photo()} } }`);
  return `{ ${random.pick(['departments', 'department'])} { id ${under} ... on Aquatics { photo { ${photo()} } } } }`;
}
