import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  type ConstDirectiveNode,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  validate,
  visit,
} from 'graphql';
import { findFiles } from '../../composition/operations/find-files.ts';
import { runSupergraph } from './run-supergraph.ts';

/** What the shop shows to everybody: `@tag(name: "public")` in the schemas of the subgraphs. */
describe('the public contract of the shop', () => {
  let shown: GraphQLSchema;
  let supergraph: string;

  beforeAll(async () => {
    const { code, out, err } = await runSupergraph('contract', '--include', 'public', '--api');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    shown = buildSchema(out);
    supergraph = await readFile('supergraph.graphql', 'utf8');
  });

  it('has no field and no type of the admin side', () => {
    const internal = taggedWith(supergraph, 'internal');
    expect(internal).toEqual(
      expect.arrayContaining(['Query.users', 'Mutation.refundOrder', 'UserConnection']),
    );
    expect(internal.filter((coordinate) => isShown(shown, coordinate))).toEqual([]);
    const inputs = [
      'ArchiveProductInput',
      'ShipOrderInput',
      'DeliverOrderInput',
      'RefundOrderInput',
    ];
    expect([...inputs, 'Handling'].filter((name) => shown.getType(name))).toEqual([]);
  });

  it('has nothing that needs a scope or a role', () => {
    const restricted = coordinatesWith(
      supergraph,
      ({ name }) => name.value === 'requiresScopes' || name.value === 'policy',
    );
    expect(restricted.length).toBeGreaterThan(5);
    expect(restricted.filter((coordinate) => isShown(shown, coordinate))).toEqual([]);
  });

  it('takes the operations that the contract of the shop promises', async () => {
    const files = await findFiles('test/contract/*.graphql');
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const document = parse(await readFile(file, 'utf8'));
      const isInternal = file.endsWith('create-product.graphql');
      expect([file, validate(shown, document).length > 0]).toEqual([file, isInternal]);
    }
  });
});

function taggedWith(sdl: string, tag: string): readonly string[] {
  return coordinatesWith(
    sdl,
    ({ name, arguments: given = [] }) =>
      name.value === 'tag' &&
      given.some(({ value }) => value.kind === Kind.STRING && value.value === tag),
  );
}

/** The object types and their fields that have such a directive. */
function coordinatesWith(
  sdl: string,
  isWanted: (directive: ConstDirectiveNode) => boolean,
): readonly string[] {
  const found: string[] = [];
  visit(parse(sdl), {
    ObjectTypeDefinition: ({ name, directives = [], fields = [] }) => {
      if (directives.some(isWanted)) found.push(name.value);
      for (const field of fields) {
        if (field.directives?.some(isWanted)) found.push(`${name.value}.${field.name.value}`);
      }
    },
  });
  return found;
}

function isShown(schema: GraphQLSchema, coordinate: string): boolean {
  const [name = '', field] = coordinate.split('.');
  const type = schema.getType(name);
  if (field === undefined || !isObjectType(type)) return type !== undefined;
  return Object.hasOwn(type.getFields(), field);
}
