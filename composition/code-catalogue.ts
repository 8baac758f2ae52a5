import { createRequire } from 'node:module';
import type * as ApolloHints from '@apollo/composition/dist/hints.js';
import type * as FederationInternals from '@apollo/federation-internals';
import { checkCodes } from './check/codes.ts';
import { fixesByCode, generalFix } from './fixes.ts';
import { hintFixFor } from './hint-fixes.ts';

/** What a code means, for somebody who meets it. */
export interface CodeEntry {
  readonly code: string;
  /** Who says it, and how bad it is. */
  readonly kind: string;
  readonly meaning: string;
  /** What to do. */
  readonly fix: string;
}

/** Codes of ours for what keeps subgraphs from being composed. */
const own: readonly CodeEntry[] = [
  [
    'CONFIG_UNREADABLE',
    'The list of subgraphs cannot be read.',
    'Create supergraph.yaml, or name another file with --config.',
  ],
  [
    'CONFIG_MALFORMED',
    'A file of settings is not YAML.',
    'Correct the YAML at the place that is named.',
  ],
  [
    'CONFIG_INVALID',
    'A value in a file of settings is not what it should be.',
    'Give what the message expects.',
  ],
  [
    'CONFIG_UNKNOWN_KEY',
    'A file of settings has a key that is not known.',
    'Correct its spelling, or remove it.',
  ],
  [
    'CONFIG_VARIABLE_UNSET',
    'A text of supergraph.yaml has a variable without a value.',
    'Set the variable, or write ${env.NAME:-value}.',
  ],
  [
    'SCHEMA_UNREADABLE',
    'The schema of a subgraph cannot be read: its file is missing, or the subgraph does not answer.',
    'Create the file, correct its name, or start the subgraph.',
  ],
  [
    'SCHEMA_NOT_ASKED_FOR',
    'The schema of a subgraph is to be asked for over the network, and it was not said that this may be done.',
    'Give --introspect, or write the schema into a file.',
  ],
  [
    'ONE_OF_NOT_KEPT',
    'An input type has @oneOf, which composition cannot keep.',
    'Give each member a field of its own instead of the input type.',
  ],
  [
    'REQUIRED_FEATURE_UNKNOWN',
    'A @link with `for` names a specification that neither composition nor the gateway knows.',
    'Remove the @link, or its `for` when nothing has to enforce it.',
  ],
  [
    'EVENT_INVALID',
    'An @event says of a subscription what a gateway could not do, or composition would lose the directive.',
    'Do what the message says; docs/streams.md has the rules of @event.',
  ],
  [
    'KEY_MISSING',
    'A type is an entity in one subgraph and has no @key in another, where its key fields then count as fields of its own.',
    'Add the @key where it is missing.',
  ],
  [
    'TAG_UNKNOWN',
    'A contract names a tag that nothing in the supergraph has.',
    'Correct the tag, or tag what the contract is about.',
  ],
  [
    'CONTRACT_INVALID',
    'What a contract leaves of the supergraph is not a schema.',
    'Tag what is missing, or exclude what refers to it, too.',
  ],
].map(([code = '', meaning = '', fix = '']) => ({
  code,
  kind: 'error of composition',
  meaning,
  fix,
}));

/** Codes of ours for operations that a command looks at. */
const ofOperations: readonly CodeEntry[] = [
  [
    'OPERATION_INVALID',
    'An operation is not GraphQL, or the schema does not accept it.',
    'Correct the operation, or give back to the schema what it needs.',
  ],
  [
    'OPERATION_NOT_CHOSEN',
    'A document has several operations or none, and one of them is to be planned.',
    'Give --operation NAME.',
  ],
  [
    'CONDITION_UNKNOWN',
    'A plan depends on variables in @skip and @include whose values are not known.',
    'Give their values with --variables.',
  ],
  [
    'OPERATION_NOT_PLANNED',
    'The gateway makes no plan for the operation.',
    'Ask for less in one operation.',
  ],
  ['SUPERGRAPH_INVALID', 'A file is not a supergraph that composition made.', 'Compose it again.'],
].map(([code = '', meaning = '', fix = '']) => ({
  code,
  kind: 'error of an operation',
  meaning,
  fix,
}));

const versionHint: CodeEntry = {
  code: 'FEDERATION_VERSION_DIFFERS',
  kind: 'warning of composition',
  meaning: 'supergraph.yaml asks for another version of composition than the one that runs here.',
  fix: 'Write the version that runs here, or compose with the one that is wanted.',
};

/** Every code that composition may give, in the order of the alphabet; a code that is error and hint has two entries. */
export function compositionCodes(): readonly CodeEntry[] {
  // CommonJS without named exports that Node could see; and few need what takes half a second to load.
  const load = createRequire(import.meta.url);
  const { ERRORS } = load('@apollo/federation-internals') as typeof FederationInternals;
  const { HINTS } = load('@apollo/composition/dist/hints.js') as typeof ApolloHints;
  const errors = Object.values(ERRORS).map(({ code, description }) => ({
    code,
    kind: 'error of composition',
    meaning: description,
    fix: fixesByCode.get(code) ?? generalFix,
  }));
  const hints = Object.values(HINTS).map(({ code, level, description }) => ({
    code,
    kind: kindOfHint(level.name),
    meaning: description,
    fix: hintFixFor(code),
  }));
  const changes = checkCodes.map(({ code, severity, meaning, fix }) => ({
    code,
    kind: `${severity} of a check`,
    meaning,
    fix,
  }));
  return [...errors, ...own, ...ofOperations, ...hints, versionHint, ...changes].sort(
    (left, right) => (left.code < right.code ? -1 : Number(left.code > right.code)),
  );
}

function kindOfHint(level: string): string {
  if (level === 'WARN') return 'warning of composition';
  return level === 'INFO' ? 'information of composition' : 'hint of composition, not shown';
}
