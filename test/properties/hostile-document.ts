import fc from 'fast-check';

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', '_e0', 'a', 'me'];
const leaves = [
  'me',
  'id',
  'name',
  'title',
  '__typename',
  'failing',
  'refused',
  'nothing',
  ...names,
];
const objects = ['author', 'books', 'me', 'login', '__schema', '__type', 'types', ...names];
const types = ['Query', 'Author', 'Book', 'Mutation', 'Nothing', '__proto__', '__Type'];

const directive = fc.constantFrom(
  '@skip(if: true)',
  '@skip(if: false)',
  '@include(if: true)',
  '@include(if: $a)',
  '@include(if: $constructor)',
  '@include',
  '@defer',
  '@stream(initialCount: 0)',
  '@deprecated',
  '@key(fields: "id")',
  '@join__field(graph: AUTHORS)',
  '@__proto__',
);

const argument = fc.constantFrom(
  'id: "1"',
  'id: 1',
  'id: null',
  'id: $a',
  'id: {__proto__: {id: 1}}',
  'id: [[[]]]',
  'id: """block"""',
  'name: "Author"',
  'input: {email: "a", password: "right"}',
  'input: {__proto__: {}, constructor: 1}',
  '__proto__: 1',
  'id: 99999999999999999999999999999',
  'id: UP',
);

const variable = fc.constantFrom(
  '$a: ID!',
  '$a: ID = 1',
  '$a: Boolean = true',
  '$a: [[Boolean!]!]! = []',
  '$a: Author',
  '$constructor: Boolean! = false',
  '$__proto__: String',
  '$b: LoginInput = {__proto__: 1}',
  '$b: Nothing',
);

const alias = fc.option(fc.constantFrom(...names), { nil: undefined });
const directives = fc
  .array(directive, { maxLength: 3, size: 'xsmall' })
  .map((all) => all.map((one) => ` ${one}`).join(''));
const args = fc
  .array(argument, { maxLength: 2, size: 'xsmall' })
  .map((all) => (all.length > 0 ? `(${all.join(', ')})` : ''));

interface Parts {
  readonly set: string;
  readonly selection: string;
}

type Write = (name: string) => string;

const { set } = fc.letrec<Parts>((tie) => {
  const named: fc.Arbitrary<Write> = fc.tuple(alias, args, directives).map(
    ([as, given, all]) =>
      (name) =>
        `${as ? `${as}: ` : ''}${name}${given}${all}`,
  );
  return {
    set: fc
      .array(tie('selection'), { minLength: 1, maxLength: 5 })
      .map((selections) => `{ ${selections.join(' ')} }`),
    selection: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'selection' },
      fc.tuple(named, fc.constantFrom(...leaves)).map(([write, name]) => write(name)),
      fc
        .tuple(named, fc.constantFrom(...objects), tie('set') as fc.Arbitrary<string>)
        .map(([write, name, below]) => `${write(name)} ${below}`),
      fc
        .tuple(fc.constantFrom('', ...types), directives, tie('set') as fc.Arbitrary<string>)
        .map(([on, all, below]) => `...${on && ` on ${on}`}${all} ${below}`),
      fc
        .tuple(fc.constantFrom('A', 'B', 'C', 'D'), directives)
        .map(([of, all]) => `...${of}${all}`),
      fc
        .tuple(fc.constantFrom('author', 'a: author', '...', '... on Query', 'types'), fc.nat(150))
        .map(([name, depth]) => `${`${name} { `.repeat(depth)}id${' }'.repeat(depth)}`),
      fc
        .tuple(fc.constantFrom('me', '__proto__: me', '...A', 'author { id }'), fc.nat(300))
        .map(([one, times]) => `id ${`${one} `.repeat(times)}`),
    ),
  };
});

const variables = fc
  .array(variable, { maxLength: 3, size: 'xsmall' })
  .map((all) => (all.length > 0 ? `(${all.join(', ')})` : ''));

const operation = fc.oneof(
  set,
  fc
    .tuple(
      fc.constantFrom('query', 'query', 'query', 'mutation', 'subscription'),
      fc.constantFrom('', ' Q', ' __proto__', ' constructor'),
      variables,
      directives,
      set,
    )
    .map(([kind, name, defined, all, below]) => `${kind}${name}${defined}${all} ${below}`),
);

const fragment = fc
  .tuple(fc.constantFrom('A', 'B', 'C'), fc.constantFrom(...types), directives, set)
  .map(([name, on, all, below]) => `fragment ${name} on ${on}${all} ${below}`);

const typeDefinition = fc.constantFrom(
  'type Query { me: String }',
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")',
  'directive @skip on FIELD',
);

/**
 * Documents over the small graph that GraphQL's grammar allows and little else: unknown fields, fragments in circles,
 * strange aliases, directives where they do not belong, deep and wide selections.
 */
export const hostileDocument: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(operation, { minLength: 1, maxLength: 3, size: 'xsmall' }),
    fc.array(fragment, { maxLength: 4 }),
    fc.array(typeDefinition, { maxLength: 1, size: 'xsmall' }),
  )
  .map((definitions) => definitions.flat().join('\n'));
