import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import {
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLError,
  Kind,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { nearest } from '../../common/nearest.ts';
import { fixFor } from '../fixes.ts';
import { locateMentioned } from '../locate.ts';
import type { CompositionProblem } from '../problem.ts';
import type { ParsedSubgraph } from '../read-schema.ts';
import { type HiddenElement, hiddenElements, type TagFilter } from './hidden-elements.ts';
import { allTags, linkedDirective, linkedSpecifications } from './tags.ts';

/** A variant of a supergraph that hides what a filter by tags says, or every reason why there is none. */
export type Contract =
  | {
      readonly ok: true;
      /** What a gateway loads: the same plans, and a smaller API schema. */
      readonly supergraphSdl: string;
      /** What clients of the contract see. */
      readonly apiSdl: string;
    }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

/** Filters a composed supergraph by tags: what is hidden becomes `@inaccessible`, as in Apollo's contracts. */
export function contractOf(
  supergraphSdl: string,
  filter: TagFilter,
  subgraphs: readonly ParsedSubgraph[],
): Contract {
  const document = parse(supergraphSdl, { noLocation: true });
  const tag = linkedDirective(document, 'tag') ?? 'tag';
  const problems = unknownTags(filter, allTags(document, tag));
  if (problems.length > 0) return { ok: false, problems };
  const linked = linkedDirective(document, 'inaccessible');
  const inaccessible = linked ?? 'inaccessible';
  const hidden = hiddenElements(document, filter, { tag, inaccessible });
  const marked = withDirective(document, hidden, inaccessible);
  const contract = linked === undefined ? withLink(marked) : marked;
  const sdl = `${print(contract)}\n`;
  try {
    return { ok: true, supergraphSdl: sdl, apiSdl: apiSdlOf(sdl, linkedSpecifications(contract)) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, problems: problemsOf(error, subgraphs) };
  }
}

/** CommonJS without named exports that Node could see. */
function federation(): typeof FederationInternals {
  return createRequire(import.meta.url)(
    '@apollo/federation-internals',
  ) as typeof FederationInternals;
}

/** Throws what keeps the filtered schema from being one, such as a hidden argument that is required. */
function apiSdlOf(supergraphSdl: string, specifications: ReadonlySet<string>): string {
  // Whether the gateway knows them all was seen when the supergraph was composed.
  const supportedFeatures = new Set(specifications);
  const api = federation().Supergraph.build(supergraphSdl, { supportedFeatures }).apiSchema();
  return `${printSchema(api.toGraphQLJSSchema())}\n`;
}

function problemsOf(
  error: Error,
  subgraphs: readonly ParsedSubgraph[],
): readonly CompositionProblem[] {
  const causes = federation().errorCauses(error) ?? [];
  if (causes.length === 0) throw error;
  return causes.map(({ message, extensions }: GraphQLError) => {
    const code = typeof extensions.code === 'string' ? extensions.code : 'CONTRACT_INVALID';
    return {
      code,
      message: `In the contract: ${message}`,
      places: locateMentioned(message, subgraphs),
      fix: fixesByCode.get(code) ?? fixFor(code, message),
    };
  });
}

/** What to do by its tags, where Apollo's code for @inaccessible would say something else. */
const fixesByCode: ReadonlyMap<string, string> = new Map([
  [
    'REFERENCED_INACCESSIBLE',
    'Give the type or its fields an included tag, or hide the field that refers to it.',
  ],
  [
    'REQUIRED_INACCESSIBLE',
    'Show the argument or input field, make it optional, or hide what it belongs to.',
  ],
  [
    'IMPLEMENTED_BY_INACCESSIBLE',
    'Tag the field of the type as that of the interface is tagged, or hide both.',
  ],
  ['QUERY_ROOT_TYPE_INACCESSIBLE', 'Show at least one field of the query type.'],
]);

function unknownTags(
  { include, exclude }: TagFilter,
  known: ReadonlySet<string>,
): readonly CompositionProblem[] {
  return [...include, ...exclude]
    .filter((each) => !known.has(each))
    .map((each) => {
      const meant = nearest(each, known);
      return {
        code: 'TAG_UNKNOWN',
        message: `Nothing in the supergraph has @tag(name: ${JSON.stringify(each)}).`,
        places: [],
        fix:
          meant === undefined
            ? 'Tag what the contract is about, and import @tag in the @link of the subgraph.'
            : `Did you mean "${meant}"?`,
      };
    });
}

function withDirective(
  document: DocumentNode,
  hidden: ReadonlySet<HiddenElement>,
  name: string,
): DocumentNode {
  const directive: ConstDirectiveNode = {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
  };
  return visit(document, {
    enter: (node: ASTNode) => {
      if (!hidden.has(node as HiddenElement)) return undefined;
      const { directives = [] } = node as HiddenElement;
      if (directives.some((each) => each.name.value === name)) return undefined;
      return { ...node, directives: [...directives, directive] };
    },
  });
}

/** Adds the link and the definition of `@inaccessible`, which composition leaves out where no subgraph has it. */
function withLink(document: DocumentNode): DocumentNode {
  const { definitions } = parse(
    `schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }
     directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION`,
    { noLocation: true },
  );
  const [schema, ...others] = definitions;
  const links = schema?.kind === Kind.SCHEMA_DEFINITION ? (schema.directives ?? []) : [];
  return {
    ...document,
    definitions: [
      ...document.definitions.map((each) =>
        each.kind === Kind.SCHEMA_DEFINITION
          ? { ...each, directives: [...(each.directives ?? []), ...links] }
          : each,
      ),
      ...others,
    ],
  };
}
