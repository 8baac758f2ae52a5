import type { Severity } from './finding.ts';

/** A code of a finding. */
export interface CheckCode {
  readonly code: string;
  /** The severity unless settings say otherwise. */
  readonly severity: Severity;
  readonly meaning: string;
  /** What to do, unless the finding has more specific advice. */
  readonly fix: string;
}

const keep = 'Keep it and mark it @deprecated; remove it when no client uses it any more.';

/** All codes of a check, except those of composition itself. */
export const checkCodes = [
  // What clients see, and what breaks them.
  {
    code: 'TYPE_REMOVED',
    severity: 'error',
    meaning: 'A type is gone: operations that name it in a fragment or a variable are refused.',
    fix: 'Keep the type until no operation names it.',
  },
  {
    code: 'TYPE_KIND_CHANGED',
    severity: 'error',
    meaning: 'A type is another kind of type, such as an interface that was an object.',
    fix: 'Add a type with another name beside it.',
  },
  {
    code: 'TYPE_ADDED',
    severity: 'note',
    meaning: 'A type is new.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'SCALAR_FORMAT_CHANGED',
    severity: 'warning',
    meaning: 'A scalar says by @specifiedBy that its format is another one.',
    fix: 'Add a scalar with another name if the values are other ones.',
  },
  {
    code: 'ROOT_TYPE_REMOVED',
    severity: 'error',
    meaning: 'There is no root type any more for one kind of operations.',
    fix: 'Keep at least one field of this kind until no client sends such operations.',
  },
  {
    code: 'ROOT_TYPE_ADDED',
    severity: 'note',
    meaning: 'Another kind of operations can be sent.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'FIELD_REMOVED',
    severity: 'error',
    meaning: 'A field is gone: operations that select it are refused.',
    fix: keep,
  },
  {
    code: 'FIELD_ADDED',
    severity: 'note',
    meaning: 'A field is new.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'FIELD_TYPE_CHANGED',
    severity: 'error',
    meaning: 'A field returns what clients do not expect: another type, a list, or null.',
    fix: 'Add a field with the new type beside it, and mark the old one @deprecated.',
  },
  {
    code: 'FIELD_TYPE_NARROWED',
    severity: 'note',
    meaning: 'A field that could be null never is any more.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'FIELD_MERGE_CONFLICT',
    severity: 'error',
    meaning:
      'A field differs in nullability from the field of the same name on a type that can stand in the same place: operations that select both in fragments are refused.',
    fix: 'Change the field of the same name on the other types, too, or leave this one nullable.',
  },
  {
    code: 'FIELD_ALIAS_CONFLICT',
    severity: 'warning',
    meaning:
      'A field differs in nullability from one of another name that can stand in the same place: operations that give both one alias are refused. A known operation that does is OPERATION_BROKEN.',
    fix: 'See that no client gives both one alias, or change the other field, too.',
  },
  {
    code: 'ARGUMENT_REMOVED',
    severity: 'error',
    meaning: 'An argument is gone: operations that give it are refused.',
    fix: keep,
  },
  {
    code: 'ARGUMENT_ADDED',
    severity: 'note',
    meaning: 'An argument is new, and need not be given.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'REQUIRED_ARGUMENT_ADDED',
    severity: 'error',
    meaning: 'A new argument must be given: operations that do not know it are refused.',
    fix: 'Make it nullable, or give it a default.',
  },
  {
    code: 'ARGUMENT_TYPE_CHANGED',
    severity: 'error',
    meaning: 'An argument takes no longer what it took.',
    fix: 'Add an argument with the new type beside it, and mark the old one @deprecated.',
  },
  {
    code: 'ARGUMENT_TYPE_WIDENED',
    severity: 'note',
    meaning: 'An argument takes what it took, and null besides.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'ARGUMENT_DEFAULT_REMOVED',
    severity: 'error',
    meaning:
      'An argument that is not null has no default any more: operations that leave it out, or give it a variable that may be null, are refused.',
    fix: 'Keep the default, or make the argument nullable.',
  },
  {
    code: 'ARGUMENT_DEFAULT_CHANGED',
    severity: 'warning',
    meaning: 'Operations that leave an argument out get another answer than before.',
    fix: 'Keep the default, or tell the clients that leave the argument out.',
  },
  {
    code: 'INPUT_FIELD_REMOVED',
    severity: 'error',
    meaning: 'A field of an input type is gone: operations and variables that give it are refused.',
    fix: keep,
  },
  {
    code: 'INPUT_FIELD_ADDED',
    severity: 'note',
    meaning: 'A field of an input type is new, and need not be given.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'REQUIRED_INPUT_FIELD_ADDED',
    severity: 'error',
    meaning: 'A new field of an input type must be given: clients that do not know it are refused.',
    fix: 'Make it nullable, or give it a default.',
  },
  {
    code: 'INPUT_FIELD_TYPE_CHANGED',
    severity: 'error',
    meaning: 'A field of an input type takes no longer what it took.',
    fix: 'Add a field with the new type beside it, and mark the old one @deprecated.',
  },
  {
    code: 'INPUT_FIELD_TYPE_WIDENED',
    severity: 'note',
    meaning: 'A field of an input type takes what it took, and null besides.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'INPUT_FIELD_DEFAULT_REMOVED',
    severity: 'error',
    meaning:
      'A field of an input type that is not null has no default any more: it must be given now.',
    fix: 'Keep the default, or make the field nullable.',
  },
  {
    code: 'INPUT_FIELD_DEFAULT_CHANGED',
    severity: 'warning',
    meaning: 'Clients that leave a field of an input type out get something else than before.',
    fix: 'Keep the default, or tell the clients that leave the field out.',
  },
  {
    code: 'INPUT_BECAME_ONE_OF',
    severity: 'error',
    meaning: 'An input type takes exactly one of its fields now.',
    fix: 'Add an input type with another name.',
  },
  {
    code: 'INPUT_NO_LONGER_ONE_OF',
    severity: 'note',
    meaning: 'An input type takes any number of its fields now.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'ENUM_VALUE_REMOVED',
    severity: 'error',
    meaning:
      'A value of an enum is gone: operations and variables that give it are refused. A warning where the enum is in answers only.',
    fix: keep,
  },
  {
    code: 'ENUM_VALUE_ADDED',
    severity: 'warning',
    meaning:
      'Answers may have a value that clients do not know yet. A note where the enum is in input only.',
    fix: 'See that clients do something sensible with a value that they do not know.',
  },
  {
    code: 'UNION_MEMBER_REMOVED',
    severity: 'error',
    meaning: 'A type is no longer in a union: fragments on it are refused there.',
    fix: 'Keep the member until no operation has a fragment on it.',
  },
  {
    code: 'UNION_MEMBER_ADDED',
    severity: 'warning',
    meaning: 'Answers may have a type that clients do not know yet.',
    fix: 'See that clients do something sensible with a type that they do not know.',
  },
  {
    code: 'INTERFACE_REMOVED',
    severity: 'error',
    meaning: 'A type no longer implements an interface: fragments between them are refused.',
    fix: 'Keep `implements` until no operation counts on it.',
  },
  {
    code: 'INTERFACE_ADDED',
    severity: 'warning',
    meaning: 'Where the interface is returned, answers may have a type that clients do not know.',
    fix: 'See that clients do something sensible with a type that they do not know.',
  },
  {
    code: 'DIRECTIVE_REMOVED',
    severity: 'error',
    meaning: 'A directive that operations may use is gone.',
    fix: 'Keep the directive until no operation uses it.',
  },
  {
    code: 'DIRECTIVE_ADDED',
    severity: 'note',
    meaning: 'Operations may use a new directive.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'DIRECTIVE_LOCATION_REMOVED',
    severity: 'error',
    meaning: 'A directive may no longer be used in a place where it could be.',
    fix: 'Keep the location until no operation uses the directive there.',
  },
  {
    code: 'DIRECTIVE_LOCATION_ADDED',
    severity: 'note',
    meaning: 'A directive may be used in one more place.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'DIRECTIVE_NO_LONGER_REPEATABLE',
    severity: 'error',
    meaning: 'A directive may be used only once in a place.',
    fix: 'Keep it repeatable until no operation repeats it.',
  },
  {
    code: 'DIRECTIVE_REPEATABLE',
    severity: 'note',
    meaning: 'A directive may be used more than once in a place.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'DEPRECATION_ADDED',
    severity: 'note',
    meaning: 'Something is deprecated now.',
    fix: 'Tell the clients that use it.',
  },
  {
    code: 'DEPRECATION_REMOVED',
    severity: 'note',
    meaning: 'Something is no longer deprecated.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'DEPRECATION_REASON_CHANGED',
    severity: 'note',
    meaning: 'A deprecation says something else.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'DESCRIPTION_CHANGED',
    severity: 'note',
    meaning: 'A description says something else.',
    fix: 'Nothing has to be done.',
  },

  // Known operations.
  {
    code: 'OPERATION_BROKEN',
    severity: 'error',
    meaning: 'An operation that is committed, or that clients sent lately, is refused now.',
    fix: 'Keep what the operation uses until no client sends it, or change the operation in all clients first.',
  },
  {
    code: 'OPERATION_NEVER_VALID',
    severity: 'warning',
    meaning: 'A known operation is valid neither in the base nor now.',
    fix: 'Correct the operation, or remove it from the files and logs that are checked.',
  },

  {
    code: 'PLAN_REGRESSION',
    severity: 'error',
    meaning:
      'A known operation needs more requests to subgraphs that wait for each other than before. A warning where there are only more requests.',
    fix: 'Give the subgraph that is asked first what is missing (@provides, @shareable), or approve the slower plan.',
  },
  {
    code: 'COST_OVER_LIMIT',
    severity: 'error',
    meaning: 'A known operation costs more than the gateway allows; a warning where it did before.',
    fix: 'Bound the lists by @listSize or arguments, or raise the limit (cost.max here, and in the gateway).',
  },

  // Contracts.
  {
    code: 'CONTRACT_REMOVED',
    severity: 'error',
    meaning:
      'The list of subgraphs no longer has a contract: what its clients load is not made any more.',
    fix: 'Keep the contract until no gateway loads it.',
  },
  {
    code: 'CONTRACT_ADDED',
    severity: 'note',
    meaning: 'The list of subgraphs has a new contract: there is nothing to compare it with.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'CONTRACT_NOT_COMPARED',
    severity: 'warning',
    meaning:
      'A contract composes now, and cannot be made of the base: what it changes for clients is not known.',
    fix: 'Look at what the contract shows: supergraph contract NAME --api.',
  },

  // Access.
  {
    code: 'ACCESS_LOOSENED',
    severity: 'error',
    meaning:
      'Something can be read with less than was required by @authenticated, @requiresScopes or @policy, directly or by a new way.',
    fix: 'Restore the directive, or have the owner of the data approve it in schema-approvals.yaml.',
  },
  {
    code: 'ACCESS_TIGHTENED',
    severity: 'warning',
    meaning:
      'Reading something requires more than before: clients without it get null and an error.',
    fix: 'See that every client that reads it has what is required.',
  },

  // Ownership.
  {
    code: 'FIELD_MOVED',
    severity: 'warning',
    meaning:
      'Another subgraph resolves a field. Without @override it fails between the two deployments.',
    fix: 'Deploy the field in the new subgraph with @override(from:) first, and remove it from the old one later.',
  },
  {
    code: 'FIELD_OWNERS_CHANGED',
    severity: 'note',
    meaning: 'More or fewer subgraphs resolve a field.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'OVERRIDE_CHANGED',
    severity: 'note',
    meaning: 'The move of a field by @override begins, goes on or ends.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'KEY_REMOVED',
    severity: 'warning',
    meaning:
      'A subgraph no longer resolves an entity by a key that others, or a gateway with the old supergraph, may still use.',
    fix: 'Keep the @key until every gateway has the new supergraph.',
  },
  {
    code: 'ENTITY_NOT_RESOLVABLE',
    severity: 'error',
    meaning:
      'A subgraph no longer resolves an entity at all: a gateway with the old supergraph gets errors.',
    fix: 'Keep a @key in this subgraph until every gateway has the new supergraph.',
  },
  {
    code: 'SUBGRAPH_ADDED',
    severity: 'note',
    meaning: 'There is one more subgraph.',
    fix: 'See that it runs before the gateway gets the supergraph.',
  },
  {
    code: 'SUBGRAPH_REMOVED',
    severity: 'warning',
    meaning: 'There is one subgraph less.',
    fix: 'Let it run until every gateway has the new supergraph.',
  },

  // Lint, of new and changed members only.
  {
    code: 'LINT_NAMING',
    severity: 'warning',
    meaning: 'A new name is not written as such names are.',
    fix: 'Write types in PascalCase, fields and arguments in camelCase, and enum values in UPPER_CASE.',
  },
  {
    code: 'LINT_DESCRIPTION',
    severity: 'warning',
    meaning: 'Something new or changed has no description.',
    fix: 'Describe it in a text above its definition.',
  },
  {
    code: 'LINT_UNBOUNDED_LIST',
    severity: 'warning',
    meaning: 'A new or changed field returns a list that nothing bounds.',
    fix: 'Give it an argument such as `first`, or say by @listSize how long it gets.',
  },
  {
    code: 'LINT_DEPRECATION',
    severity: 'warning',
    meaning: 'A deprecation has no reason, or no date.',
    fix: 'Say what to use and until when: @deprecated(reason: "Use `x`. Goes not before 2027-11-23.").',
  },
  {
    code: 'LINT_REMOVAL',
    severity: 'warning',
    meaning: 'Something was removed that was not deprecated, or not for as long as promised.',
    fix: keep,
  },

  // Approvals.
  {
    code: 'APPROVAL_EXPIRED',
    severity: 'error',
    meaning: 'An approval in schema-approvals.yaml held until a day that is past.',
    fix: 'Remove the approval, or have its owner give it another day.',
  },
  {
    code: 'APPROVAL_UNUSED',
    severity: 'note',
    meaning: 'An approval in schema-approvals.yaml meets no finding.',
    fix: 'Remove the approval.',
  },

  // Outside the API schema.
  {
    code: 'APPLIED_DIRECTIVE_CHANGED',
    severity: 'note',
    meaning:
      'A directive on a definition changed that gateways or contracts read, such as @tag, @cost or @listSize.',
    fix: 'Nothing has to be done.',
  },
  {
    code: 'SUPERGRAPH_CHANGED',
    severity: 'note',
    meaning: 'Something changed that is @inaccessible: clients do not see it.',
    fix: 'Nothing has to be done.',
  },
] as const satisfies readonly CheckCode[];

/** A code of this file. */
export type CheckCodeName = (typeof checkCodes)[number]['code'];

const byName: ReadonlyMap<string, CheckCode> = new Map(
  checkCodes.map((entry) => [entry.code, entry]),
);

/** The entry of a code. */
export function checkCodeOf(code: CheckCodeName): CheckCode {
  const entry = byName.get(code);
  if (!entry) throw new Error(`The code ${code} is in no catalogue.`);
  return entry;
}
