import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';

/** A request for the GraphQL address. */
export interface Request {
  readonly search: string;
  readonly init: RequestInit;
}

type Headers = Readonly<Record<string, string>>;

const json8 = 'application/json; charset=utf-8';
const preflight: Headers = { 'apollo-require-preflight': '1' };
/** For clients that only accept plain JSON. */
export const plainJson: Headers = { accept: 'application/json' };

/** A query with a variable. */
export const oneAuthor = 'query ($id: ID!) { author(id: $id) { id name } }';
const two = 'query A { me } query B { books { id } }';
const conditional = 'query ($with: Boolean!) { me @include(if: $with) books { title } }';
const change =
  'mutation { refreshToken(input: { refreshToken: "still-good" }) { userErrors { code } } }';
const ticks = 'subscription { ticks }';
const registered = 'query Registered { books { title } }';
const notJson = '{"query":';

/** Every request and what it tests; several are sent one after the other. */
export const rows: readonly (readonly [what: string, ...requests: readonly Request[]])[] = [
  // Valid requests.
  ['a query of one subgraph', post({ query: '{ me }' })],
  ['a query of two subgraphs', post({ query: '{ books { id title author { name } } }' })],
  ['a query of a name', post({ query: 'query Me { me }', operationName: 'Me' })],
  ['one of two operations', post({ query: two, operationName: 'B' })],
  ['variables', post({ query: oneAuthor, variables: { id: '1' } })],
  ['a variable that is a number', post({ query: oneAuthor, variables: { id: 1 } })],
  ['variables that are not asked for', post({ query: '{ me }', variables: { x: [1] } })],
  ['members that are null', post({ query: '{ me }', variables: null, operationName: null })],
  ['extensions that are null', post({ query: '{ me }', extensions: null })],
  ['extensions that are empty', post({ query: '{ me }', extensions: {} })],
  ['extensions of a client', post({ query: '{ me }', extensions: { clientLibrary: {}, x: 1 } })],
  ['members that are not known', post({ query: '{ me }', id: 7, __proto__: null })],
  ['a condition', post({ query: conditional, variables: { with: true } })],
  ['the other condition', post({ query: conditional, variables: { with: false } })],
  ['aliases that objects inherit', post({ query: '{ __proto__: me constructor: me }' })],
  ['the name of a type', post({ query: '{ __typename }' })],
  ['introspection', post({ query: '{ __schema { queryType { name } } me }' })],
  ['the introspection of tools', post({ query: getIntrospectionQuery() })],
  ['a mutation', post({ query: change })],
  ['an error that is told', post({ query: '{ refused me }' })],
  ['an error that is hidden', post({ query: '{ failing me }' })],
  ['a body of 70 KB', post({ query: '{ me }', variables: { x: 'x'.repeat(70_000) } })],
  ['white space, comments and a byte order mark', post({ query: '\ufeff# a\n{,me , }\n' })],
  // Mistakes in a document.
  ['a syntax error', post({ query: '{ me' })],
  ['an invalid document', post({ query: 'me' })],
  ['a character that GraphQL does not allow', post({ query: '{ me } ?' })],
  ['an unknown field', post({ query: '{ nothing }' })],
  ['a name that is nearly right', post({ query: '{ bookz { id } }' })],
  ['three mistakes', post({ query: '{ a b c: author { id(x: 1) } }' })],
  ['twenty mistakes', post({ query: `{ ${manyFields(20)} }` })],
  ['a long name of a field', post({ query: `{ ${'n'.repeat(250)} ${'m'.repeat(250)} }` })],
  ['an unused fragment', post({ query: '{ me } fragment F on Query { me }' })],
  ['a fragment alone', post({ query: 'fragment F on Query { me }' })],
  ['a definition of a type', post({ query: '{ me } type A { a: Int }' })],
  ['@defer, for a client that does not accept parts', post({ query: '{ ... @defer { me } }' })],
  // Mistakes in an operation.
  ['an unknown operation', post({ query: 'query Me { me }', operationName: 'You' })],
  ['an unknown operation, then a known one', ...inTurn(two, 'C', 'A')],
  ['several operations and no name', post({ query: two })],
  ['an empty operation name', post({ query: '{ me }', operationName: '' })],
  ['an empty operation name by GET', get({ query: '{ me }', operationName: '' })],
  ['a variable that is missing', post({ query: oneAuthor })],
  ['a variable that is null', post({ query: oneAuthor, variables: { id: null } })],
  ['a variable of a wrong type', post({ query: oneAuthor, variables: { id: { a: 1 } } })],
  ['a right variable, then a wrong one', ...variablesInTurn({ id: 1 }, { id: [] }, { id: 2 })],
  ['a condition that is null', post({ query: conditional, variables: { with: null } })],
  ['an invalid number', post({ query: '{ author(id: 1e999) { id } }' })],
  // Mistakes in a request.
  ['an empty object', post({})],
  ['null as a body', post(null)],
  ['a text as a body', post('{ me }')],
  ['a number as a body', post(1)],
  ['an empty list', post([])],
  ['a batch', post([{ query: '{ me }' }])],
  ['no query', post({ variables: {} })],
  ['a query that is null', post({ query: null })],
  ['a query that is empty', post({ query: '' })],
  ['a query that is a number', post({ query: 1 })],
  ['a query that is zero', post({ query: 0, variables: {} })],
  ['a query that is a list', post({ query: [] })],
  ['a query that is a parsed document', post({ query: { kind: 'Document', definitions: [] } })],
  ['an operation name that is a number', post({ query: '{ me }', operationName: 1 })],
  ['variables as a list', post({ query: '{ me }', variables: [] })],
  ['variables as text', post({ query: '{ me }', variables: '{}' })],
  ['variables as a number', post({ query: '{ me }', variables: 0 })],
  ['extensions as a list', post({ query: '{ me }', extensions: [] })],
  ['extensions as text', post({ query: '{ me }', extensions: '' })],
  ['extensions as a number', post({ query: '{ me }', extensions: 1 })],
  ['two members that are wrong', post({ query: 1, variables: 1, operationName: 1 })],
  ['a type of JSON with a parameter', post({ query: '{ me }' }, { 'content-type': json8 })],
  // GET.
  ['a query by GET', get({ query: '{ me }' })],
  ['a public query by GET', get({ query: '{ books { title } }' })],
  ['variables by GET', get({ query: oneAuthor, variables: '{"id":"1"}' })],
  ['a name by GET', get({ query: two, operationName: 'B' })],
  ['empty members by GET', get({ query: '{ me }', variables: '{}', extensions: '{}' })],
  ['members by GET that are not known', get({ query: '{ me }', id: '7', x: '' })],
  ['a mutation by GET', get({ query: change })],
  ['a mutation by POST, then by GET', post({ query: change }), get({ query: change })],
  ['a subscription by GET', get({ query: ticks })],
  ['nothing by GET', get({})],
  ['an empty query by GET', get({ query: '' })],
  ['variables by GET that are not JSON', get({ query: '{ me }', variables: notJson })],
  ['variables by GET that are empty', get({ query: '{ me }', variables: '' })],
  ['variables by GET that are null', get({ query: '{ me }', variables: 'null' })],
  ['variables by GET that are a list', get({ query: '{ me }', variables: '[]' })],
  ['extensions by GET that are not JSON', get({ query: '{ me }', extensions: notJson })],
  ['extensions by GET that are a text', get({ query: '{ me }', extensions: '"a"' })],
  ['two queries by GET', get('query={me}&query={me}')],
  ['two operation names by GET', get('query={me}&operationName=A&operationName=B')],
  ['two variables by GET', get('query={me}&variables={}&variables={}')],
  ['two extensions by GET', get('query={me}&extensions={}&extensions={}')],
  ['a syntax error by GET', get({ query: '{ me' })],
  ['an unknown field by GET', get({ query: '{ nothing }' })],
  ['a wrong variable by GET', get({ query: oneAuthor, variables: '{"id":{}}' })],
  ['a plus sign and a percent sign by GET', get('query=query+Me%7Bme%7D&operationName=%4De')],
  // CSRF: what any page could send.
  ['a GET that any page could send', get({ query: '{ me }' }, {})],
  ['an empty header against that', get({ query: '{ me }' }, { 'apollo-require-preflight': '' })],
  [
    'the header of Apollo’s own clients',
    get({ query: '{ me }' }, { 'x-apollo-operation-name': 'a' }),
  ],
  ['a GET of JSON', get({ query: '{ me }' }, { 'content-type': 'application/json' })],
  ['a GET of JSON with a charset', get({ query: '{ me }' }, { 'content-type': json8 })],
  ['a GET of plain text', get({ query: '{ me }' }, { 'content-type': 'text/plain' })],
  [
    'a GET of plain text with the header',
    get({ query: '{ me }' }, { 'content-type': 'text/plain', 'apollo-require-preflight': '1' }),
  ],
  ['a GET of another type', get({ query: '{ me }' }, { 'content-type': 'application/graphql' })],
  ['a GET of no type', get({ query: '{ me }' }, { 'content-type': 'json' })],
  // The types of a response.
  ...(
    [
      '*/*',
      'application/*',
      'application/json',
      'application/json; charset=utf-8',
      'application/json;charset=utf-16',
      'APPLICATION/JSON',
      'application/graphql-response+json',
      'application/graphql-response+json; charset=utf-8',
      'application/graphql-response+json, application/json;q=0.9',
      'application/graphql-response+json;q=0.5, application/json',
      'application/graphql-response+json;q=0.1, */*;q=0.2',
      'application/json;q=0',
      'application/json;q=0, */*',
      'application/json; callbackSpec=1.0',
      'text/html, application/xhtml+xml, */*;q=0.8',
      'text/html',
      'text/csv',
      'multipart/mixed',
      'multipart/mixed;deferSpec=20220824, application/json',
      'json',
      ',',
      'application/json;profile="a,b", application/graphql-response+json',
      'application/json;q=x',
      'application/json;q=0.5;q=0.9, application/graphql-response+json;q=0.7',
    ] as const
  ).flatMap(
    (accept) =>
      [
        [`an answer of the type ${accept}`, post({ query: '{ me }' }, { accept })],
        [
          `a page or an answer of the type ${accept} by GET`,
          get({ query: '{ me }' }, { accept, ...preflight }),
        ],
        ...(plain(accept)
          ? []
          : ([
              [`a refusal of the type ${accept}`, post({ query: '{ nothing }' }, { accept })],
              [`a wrong variable of the type ${accept}`, post({ query: oneAuthor }, { accept })],
            ] as const)),
        [`an invalid request, of the type ${accept}`, post({ variables: [] }, { accept })],
      ] as const,
  ),
  // Automatic persisted queries.
  ['a hash that is not registered', post(hashed('query Never { me }'))],
  [
    'a hash that is registered by a query',
    post({ query: registered, ...hashed(registered) }),
    post(hashed(registered)),
  ],
  [
    'a hash by GET',
    get(asText(hashed('query ByGet { me }'))),
    get({ query: 'query ByGet { me }', ...asText(hashed('query ByGet { me }')) }),
    get(asText(hashed('query ByGet { me }'))),
    post(hashed('query ByGet { me }')),
  ],
  [
    'a hash with variables',
    post({ query: oneAuthor, variables: { id: '1' }, ...hashed(oneAuthor) }),
    post({ variables: { id: '2' }, ...hashed(oneAuthor) }),
    post({ variables: { id: {} }, ...hashed(oneAuthor) }),
  ],
  [
    'a hash of a document that is not valid',
    post({ query: '{ nothing }', ...hashed('{ nothing }') }),
    post(hashed('{ nothing }')),
  ],
  [
    'a hash of an invalid document',
    post({ query: '{ me', ...hashed('{ me') }),
    post(hashed('{ me')),
  ],
  [
    'a hash of a mutation by GET',
    post({ query: change, ...hashed(change) }),
    get(asText(hashed(change))),
  ],
  [
    'a hash that is not known, of a type of its own',
    post(hashed('query None { me }'), { accept: 'application/graphql-response+json' }),
  ],
  ['an empty query with its hash', post({ query: '', ...hashed('') })],
  // Query plans.
  [
    'a plan',
    post({ query: '{ books { author { name } } }' }, { 'apollo-query-plan-experimental': '1' }),
  ],
  ['a plan in the other way', post({ query: '{ me }' }, { 'apollo-expose-query-plan': 'true' })],
  [
    'a plan in the internal form',
    post(
      { query: '{ me }' },
      {
        'apollo-query-plan-experimental': '1',
        'apollo-query-plan-experimental-format': 'internal',
      },
    ),
  ],
  [
    'a plan of what is not valid',
    post({ query: '{ nothing }' }, { 'apollo-expose-query-plan': '1' }),
  ],
];

/** A POST of JSON. */
export function post(body: unknown, headers: Headers = {}): Request {
  return {
    search: '',
    init: {
      method: 'POST',
      headers: { accept: '*/*', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    },
  };
}

/** A GET that no page of another site can have caused, unless other headers are passed. */
export function get(
  parameters: Headers | string,
  headers: Headers = { 'apollo-require-preflight': '1' },
): Request {
  return {
    search: `?${new URLSearchParams(parameters).toString()}`,
    init: { headers: { accept: '*/*', ...headers } },
  };
}

function inTurn(query: string, ...names: readonly string[]): readonly Request[] {
  return names.map((operationName) => post({ query, operationName }));
}

function variablesInTurn(...all: readonly object[]): readonly Request[] {
  return all.map((variables) => post({ query: oneAuthor, variables }));
}

/** The hash of a query, as clients send it (automatic persisted queries). */
export function hashed(query: string): { readonly extensions: object } {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  return { extensions: { persistedQuery: { version: 1, sha256Hash } } };
}

function asText({ extensions }: { readonly extensions: object }): Headers {
  return { extensions: JSON.stringify(extensions) };
}

function plain(accept: string): boolean {
  return /^application\/json(?:; ?charset=utf-8)?$/i.test(accept);
}

function manyFields(count: number): string {
  return Array.from({ length: count }, (_, at) => `field${at}`).join(' ');
}
