import {
  type DocumentNode,
  type FloatValueNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  type IntValueNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  validate,
  visit,
} from 'graphql';
import { compactDocument } from '../../common/compact-document.ts';
import { usesDefer } from '../../common/deferred-fragments.ts';
import type { AppError } from '../../common/errors.ts';
import type { Clause } from '../access/clause.ts';
import type { Denied } from '../access/decide.ts';
import type { AccessEnforcement } from '../access/enforcement.ts';
import type { RemovedPath } from '../access/marked-operation.ts';
import type { PartedOperation } from '../execution/execute-in-parts.ts';
import type { ExecutableOperation } from '../execution/execute.ts';
import type { QueryPlan } from '../execution/plan.ts';
import { compileVariableCheck, type VariableCheck } from '../execution/variables.ts';
import { conditionVariables } from '../planning/conditions.ts';
import type { ActiveLabels } from '../planning/override-labels.ts';
import { deferRules } from './defer-rules.ts';

/** An operation of a document, with everything that is the same for all its requests. */
export interface PreparedOperation {
  readonly key: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly checkVariables: VariableCheck;
  /** The Boolean variables used in `@skip` and `@include`. */
  readonly conditionNames: readonly string[];
  /** Those and the ones in `@defer`, for a response in parts; `undefined` for an operation without `@defer`. */
  readonly deferConditionNames: readonly string[] | undefined;
  /** What a viewer must satisfy to get the whole operation; empty for most operations. */
  readonly clauses: readonly Clause[];
  /** One per combination of condition values, override labels and denied clauses seen so far, oldest first. */
  readonly variants: Map<string, PlannedVariant | RefusedVariant>;
}

/** The combination that a variant was made for. */
export interface VariantChoice {
  /** Whether the response may come in parts. */
  readonly isIncremental: boolean;
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly labels: ActiveLabels;
  readonly denied: Denied;
}

interface Variant extends VariantChoice {
  /** Estimated memory use. */
  readonly bytes: number;
}

/** A combination without a plan, because planning it would exceed the plan budget. */
export interface RefusedVariant extends Variant {
  readonly refusal: AppError;
}

/** The plan for one combination of condition values, override labels and denied clauses. */
export interface PlannedVariant extends Variant {
  /** Where fields were removed because of the denied clauses. */
  readonly removedPaths: readonly RemovedPath[];
  readonly plan: QueryPlan;
  readonly executable: ExecutableOperation | PartedOperation;
}

/** Finds the operation in a valid document. Throws a GraphQLError when it cannot be executed. */
export function prepareOperation(
  key: string,
  fullDocument: DocumentNode,
  operationName: string | undefined,
  schema: GraphQLSchema,
  access?: Pick<AccessEnforcement, 'clausesIn'>,
): PreparedOperation {
  const document = compactDocument(fullDocument);
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    // The wording of graphql-js, which clients may rely on.
    throw refusal(
      operationName === undefined
        ? 'Must provide operation name if query contains multiple operations.'
        : `Unknown operation named "${operationName}".`,
    );
  }
  refuseInfiniteNumbers(document);
  const fragments = fragmentsOf(document);
  const conditionNames = conditionVariables({ operation, fragments });
  const isDeferring = usesDefer(document);
  const deferConditionNames = isDeferring
    ? conditionVariables({ operation, fragments }, true)
    : undefined;
  if (isDeferring) refuseInvalidDefers(document, schema);
  return {
    key,
    document,
    operation,
    operationName: operation.name?.value,
    fragments,
    checkVariables: compileVariableCheck(
      schema,
      operation.variableDefinitions ?? [],
      deferConditionNames ?? conditionNames,
    ),
    conditionNames,
    deferConditionNames,
    clauses: access?.clausesIn({ operation, fragments }) ?? [],
    variants: new Map(),
  };
}

/** Throws a GraphQLError for a subscription where one response is expected, and for anything else where events are. */
export function requireKind(
  { operation }: PreparedOperation,
  expected: 'one answer' | 'events',
): void {
  const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
  if (isSubscription === (expected === 'events')) return;
  throw refusal(
    isSubscription
      ? 'Subscriptions are not supported: expected a query or a mutation.'
      : `Expected a subscription; got a ${operation.operation}.`,
  );
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/** graphql-js accepts such a number as a Float, but neither planners nor JSON nor subgraphs can represent it. */
function refuseInfiniteNumbers(document: DocumentNode): void {
  const check = ({ value }: FloatValueNode | IntValueNode): void => {
    if (Number.isFinite(Number(value))) return;
    throw refusal(`Expected a finite number; got ${value.slice(0, 40)}.`, 'BAD_USER_INPUT');
  };
  visit(document, { FloatValue: check, IntValue: check });
}

/** Apollo Server validates without the rules for `@defer`. */
function refuseInvalidDefers(document: DocumentNode, schema: GraphQLSchema): void {
  const [error] = validate(schema, document, deferRules, { maxErrors: 1 });
  if (error) throw refusal(error.message, 'GRAPHQL_VALIDATION_FAILED');
}

function refusal(
  message: string,
  code: 'BAD_REQUEST' | 'BAD_USER_INPUT' | 'GRAPHQL_VALIDATION_FAILED' = 'BAD_REQUEST',
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
