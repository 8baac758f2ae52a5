import { Kind, type SelectionSetNode } from 'graphql';
import { messageOf } from '../../common/errors.ts';
import { readResponse } from '../execution/call.ts';
import {
  type ErrorFormat,
  type ExecutableOperation,
  type ExecutionRequest,
  executeToJson,
} from '../execution/execute.ts';
import { isWithheld } from '../execution/fetch-entities.ts';
import type { QueryPlan } from '../execution/plan.ts';
import { reportedErrors } from '../execution/problems.ts';
import { SubgraphFailure } from '../fetching/failure.ts';
import type { RequestContext, SubgraphRequest, SubgraphResponse } from '../fetching/types.ts';
import type { EntityKey, EventField, EventFields } from '../supergraph/event-fields.ts';
import { subgraphsOf } from './plan-subgraphs.ts';
import type { EventAnswer, SharedCompletions } from './shared-completions.ts';

/** What completes the events of one subscription. */
export interface EventCompletionParts {
  readonly plan: QueryPlan;
  readonly executable: ExecutableOperation;
  readonly execution: ExecutionRequest;
  readonly field: EventField;
  readonly ownersOf: EventFields['ownersOf'];
  readonly shared: SharedCompletions;
}

/**
 * Completes the events of a channel, which says only what has changed. What a viewer receives is what subgraphs answer to
 * that viewer: each that resolves the entity is asked, and where one does not have it for the viewer, there is no event.
 */
export class EventCompletion {
  private readonly parts: EventCompletionParts;
  private readonly called: readonly string[];
  private readonly variables: string;

  constructor(parts: EventCompletionParts) {
    this.parts = parts;
    const [own = '', ...others] = subgraphsOf(parts.plan.node);
    this.called = [...new Set(others)].filter((name) => name !== own);
    this.variables = JSON.stringify(parts.execution.variables);
  }

  complete(
    event: SubgraphResponse,
    context: RequestContext,
    format: ErrorFormat,
  ): Promise<EventAnswer> {
    const { field, shared, executable } = this.parts;
    const { publicHeadersFor } = context;
    const headersFor = field.isPublic && publicHeadersFor ? publicHeadersFor : context.headersFor;
    const owners = this.ownersOf(event);
    const subgraphs = [...new Set([...this.called, ...owners.map(({ subgraph }) => subgraph)])];
    // One that leaves must not end what others wait for.
    const ofAll = { ...context, headersFor, cancellation: undefined };
    const key = { executable, format, variables: this.variables, context: ofAll, subgraphs };
    return shared.of(event, key, () => this.run(event, owners, ofAll, format));
  }

  private async run(
    event: SubgraphResponse,
    owners: readonly EntityKey[],
    context: RequestContext,
    format: ErrorFormat,
  ): Promise<EventAnswer> {
    const { executable, execution } = this.parts;
    const found = new Set<string>();
    const missing = new Set<string>();
    const answerTo = (response: Promise<SubgraphResponse>): Promise<EventAnswer> =>
      executeToJson(
        executable,
        {
          ...execution,
          context,
          fetch: (request) =>
            request.operationKind === 'subscription' ? response : execution.fetch(request),
          onEntity: (entity, { subgraph, isFound, root }) => {
            if (!Object.values(root).includes(entity)) return;
            (isFound ? found : missing).add(subgraph);
          },
        },
        format,
      );
    const answer = await answerTo(Promise.resolve(event));
    if (missing.size > 0) return undefined;
    try {
      this.requireOwner(event, owners);
      const others = owners.filter(({ subgraph }) => !found.has(subgraph));
      const have = await Promise.all(others.map((owner) => this.has(owner, event, context)));
      return have.every(Boolean) ? answer : undefined;
    } catch (cause) {
      // Without an answer about the viewer, none of the data may be sent.
      const failed = Promise.reject(toError(cause));
      failed.catch(() => undefined);
      return answerTo(failed);
    }
  }

  /** The subgraphs that decide whether a viewer may see an event. */
  private ownersOf({ entity }: SubgraphResponse): readonly EntityKey[] {
    const { field, ownersOf } = this.parts;
    if (field.isPublic || !entity) return [];
    const keys = ownersOf(String(entity.__typename));
    const bySubgraph = new Map<string, EntityKey>();
    for (const key of keys) {
      const known = bySubgraph.get(key.subgraph);
      if (!known || representationOf(known, entity) === undefined)
        bySubgraph.set(key.subgraph, key);
    }
    return [...bySubgraph.values()];
  }

  /** An event that only subgraphs without an answer know is shown to no one, unless it is for all. */
  private requireOwner({ entity }: SubgraphResponse, owners: readonly EntityKey[]): void {
    const { field, plan } = this.parts;
    if (field.isPublic || !entity || owners.length > 0) return;
    const [subgraph = ''] = subgraphsOf(plan.node);
    const problem = `has an event of the type ${String(entity.__typename)}, which no subgraph resolves for a viewer: it has to be public.`;
    throw new SubgraphFailure('SUBGRAPH_ERROR', subgraph, problem);
  }

  private async has(
    owner: EntityKey,
    event: SubgraphResponse,
    context: RequestContext,
  ): Promise<boolean> {
    const { subgraph } = owner;
    const representation = representationOf(owner, event.entity ?? {});
    if (representation === undefined) {
      const problem = 'was not asked about an event: the event lacks a field of the key.';
      throw new SubgraphFailure('SUBGRAPH_ERROR', subgraph, problem);
    }
    const request: SubgraphRequest = {
      subgraph,
      operationKind: 'query',
      body: JSON.stringify({ query, variables: { representations: [representation] } }),
      headers: context.headersFor(subgraph),
      path: [this.parts.field.name],
      context,
    };
    const { data, errors } = readResponse(await this.parts.execution.fetch(request), request);
    const list = data?._entities;
    const entity: unknown = Array.isArray(list) ? list[0] : undefined;
    if (typeof entity === 'object' && entity !== null) return true;
    const { first } = reportedErrors(errors);
    if (isWithheld('_entities', 0, first) && (entity === null || first.length > 0)) return false;
    const problem = `could not say whether a viewer may see an event: ${first[0]?.problem.message ?? 'it answered without a list of entities'}`;
    throw new SubgraphFailure('SUBGRAPH_ERROR', subgraph, problem);
  }
}

const query =
  'query($representations:[_Any!]!){_entities(representations:$representations){__typename}}';

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}

/** The key of an entity; `undefined` when the entity lacks a part of it. */
function representationOf(
  { fields }: Pick<EntityKey, 'fields'>,
  entity: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const key = pick(fields, entity);
  return key && { __typename: entity.__typename, ...key };
}

function pick(
  { selections }: SelectionSetNode,
  from: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const picked: Record<string, unknown> = {};
  for (const each of selections) {
    if (each.kind !== Kind.FIELD) return undefined;
    const name = each.name.value;
    let value: unknown = Object.hasOwn(from, name) ? from[name] : undefined;
    if (value === undefined || value === null) return undefined;
    if (each.selectionSet) {
      if (typeof value !== 'object') return undefined;
      value = pick(each.selectionSet, value as Readonly<Record<string, unknown>>);
      if (value === undefined) return undefined;
    }
    picked[name] = value;
  }
  return picked;
}
