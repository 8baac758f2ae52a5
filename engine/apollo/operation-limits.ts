import { type DocumentNode, parse } from 'graphql';
import { checkDocument } from '../limits/check-document.ts';
import { limitRefusal } from '../limits/limit-refusal.ts';
import { defaultLimits, type OperationLimits } from '../limits/limits.ts';
import { type CostOptions, defaultCostOptions } from '../limits/operation-demand.ts';
import { OperationDemands } from '../limits/operation-demands.ts';
import type { CostVerdict, Violation } from '../limits/violation.ts';
import type {
  AnsweredRequest,
  OperationLimitsListener,
  OperationLimitsPlugin,
} from './operation-limits-plugin.ts';

/** Limits of an Apollo Server; what is absent has its default. */
export interface OperationLimitsOptions<TContext extends object = object> {
  readonly limits?: Partial<OperationLimits>;
  readonly cost?: Partial<CostOptions>;
  /** Whether a client reads in `extensions.cost` what its operation is estimated to cost. Default: no. */
  readonly showsCost?: ShowsCost;
  /** Told of every operation that is valid, before it runs or is refused: for metrics and logs. */
  readonly onOperation?: (measured: MeasuredOperation, contextValue: TContext) => void;
}

/** Decides by the `x-operation-cost` header of a request, in lower case. */
export type ShowsCost = (header: string | undefined) => boolean;

/** An operation and what it asks for. */
export interface MeasuredOperation {
  readonly operationKind: string;
  readonly operationName: string | undefined;
  /** `undefined` when cost is not measured, or the variables are refused for their depth. */
  readonly cost: number | undefined;
  readonly maxCost: number;
  readonly violation: Violation | undefined;
}

/** The request header by which a client asks for the cost. */
export const costHeader = 'x-operation-cost';

/**
 * Refuses documents over a limit before they are validated, and operations that are too expensive before they run:
 * 400 with `GRAPHQL_PARSE_FAILED`, `GRAPHQL_VALIDATION_FAILED`, `BAD_USER_INPUT` or `COST_ESTIMATED_TOO_EXPENSIVE`.
 * Reads `@cost` and `@listSize` from the supergraph of the server's gateway. Give the server `parseOptions.maxTokens`,
 * too, so that parsing stops at the limit.
 */
export function operationLimits<TContext extends object = object>(
  options: OperationLimitsOptions<TContext> = {},
): OperationLimitsPlugin<TContext> {
  const limits = { ...defaultLimits, ...options.limits };
  const cost = { ...defaultCostOptions, ...options.cost };
  const { max: maxCost } = cost;
  const demands = new OperationDemands({ ...limits, cost });
  const verdicts = new WeakMap<DocumentNode, Verdict>();

  const verdictOf = (document: MaybeRefused): Verdict => {
    if (document.refused) return document.refused;
    let verdict = verdicts.get(document);
    if (verdict === undefined) {
      verdict = checkDocument(document, limits) ?? allowed;
      verdicts.set(document, verdict);
    }
    return verdict;
  };

  const listener: OperationLimitsListener<TContext> = {
    // Apollo Server takes an error thrown here for its own. So validation is given a document that says why the other
    // one is refused, and that is also what its document store remembers under the hash of the refused text.
    validationDidStart: (context) => {
      const verdict = verdictOf(context.document);
      if (verdict !== allowed) (context as Mutable<typeof context>).document = refused(verdict);
      return Promise.resolve();
    },
    // Thrown at once and not as a rejection: other plugins would have theirs taken instead, and this one go unhandled.
    didResolveOperation: ({ document, operation, request, schema, contextValue }) => {
      const verdict = verdictOf(document);
      if (verdict !== allowed) throw limitRefusal(verdict);
      // A name that the document does not have: Apollo Server says so when it executes.
      if (!operation) return Promise.resolve();
      const demand = demands.of(schema, document, operation)(request.variables ?? {});
      options.onOperation?.(
        {
          operationKind: operation.operation,
          operationName: operation.name?.value,
          maxCost,
          ...demand,
        },
        contextValue,
      );
      if (demand.violation) throw limitRefusal(demand.violation);
      return Promise.resolve();
    },
  };
  const { showsCost } = options;
  const showing: OperationLimitsListener<TContext> = {
    ...listener,
    willSendResponse: (context) => {
      showCost(context, demands, maxCost);
      return Promise.resolve();
    },
  };
  return {
    serverWillStart: () =>
      Promise.resolve({
        schemaDidLoadOrUpdate: ({ apiSchema, coreSupergraphSdl }) => {
          demands.serve(apiSchema, coreSupergraphSdl);
        },
      }),
    requestDidStart: ({ request }) =>
      Promise.resolve(
        showsCost?.(request.http?.headers.get(costHeader)) === true ? showing : listener,
      ),
  };
}

const allowed = 'allowed';

type Verdict = Violation | typeof allowed;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A document that stands for a refused one; a member and not a mark, so that it survives a store outside. */
type MaybeRefused = DocumentNode & { readonly refused?: Violation };

function refused(violation: Violation): MaybeRefused {
  return { ...parse('{ __typename }', { noLocation: true }), refused: violation };
}

/** Adds the cost to the answer of an operation that has run. */
function showCost(
  { schema, document, operation, request, response }: AnsweredRequest,
  demands: OperationDemands,
  max: number,
): void {
  const { body } = response;
  if (!document || !operation || body.kind !== 'single') return;
  const { singleResult } = body;
  if (singleResult.data === undefined) return;
  const { cost } = demands.of(schema, document, operation)(request.variables ?? {});
  if (cost === undefined) return;
  const verdict: CostVerdict = { estimated: cost, max };
  singleResult.extensions = { ...singleResult.extensions, cost: verdict };
}
