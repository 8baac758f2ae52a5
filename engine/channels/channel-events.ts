import {
  buildASTSchema,
  getArgumentValues,
  getVariableValues,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { channelFor } from '../../common/channel-template.ts';
import { AppError } from '../../common/errors.ts';
import type { EventSink, EventSource, OpenEvents } from '../fetching/event-source.ts';
import { SubgraphFailure } from '../fetching/failure.ts';
import type { SubgraphRequest } from '../fetching/types.ts';
import type { EventField } from '../supergraph/event-fields.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { ChannelHub, type ChannelTimes } from './channel-hub.ts';
import type { EventChannels } from './event-channels.ts';
import { EventGroup } from './event-group.ts';

/** Where the events of channels come from, and their limits. */
export interface ChannelEventsOptions extends ChannelTimes {
  readonly channels: EventChannels;
  readonly maxEventBytes: number;
}

/** Opens the subscriptions of fields with `@event`. */
export class ChannelEvents {
  private readonly options: ChannelEventsOptions;
  private readonly hub: ChannelHub;

  constructor(options: ChannelEventsOptions) {
    this.options = options;
    this.hub = new ChannelHub(options.channels, options);
  }

  /** The events of a supergraph: those of such fields from channels, all others from `subgraphs`. */
  sourceFor({ events, document }: Supergraph, subgraphs: EventSource): EventSource {
    if (events.fields.size === 0) return subgraphs;
    const groups = new Map<string, EventGroup>();
    let schema: GraphQLSchema | undefined;
    return (request, sink) => {
      const known = groups.get(request.body);
      if (known) return known.join(sink);
      const asked = readOpening(request);
      const field = asked && events.fields.get(asked.name);
      if (!field) return subgraphs(request, sink);
      // As many types as a supergraph has, and most gateways have no such field.
      schema ??= buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
      try {
        const group = this.groupOf(asked, field, schema, request, () => {
          if (groups.get(request.body) === group) groups.delete(request.body);
        });
        groups.set(request.body, group);
        return group.join(sink);
      } catch (error) {
        return refuse(error, request, sink);
      }
    };
  }

  private groupOf(
    { operation, variables: given, document }: Opening,
    field: EventField,
    schema: GraphQLSchema,
    { subgraph }: SubgraphRequest,
    onEmpty: () => void,
  ): EventGroup {
    const { coerced, errors } = getVariableValues(
      schema,
      operation.variableDefinitions ?? [],
      given,
    );
    if (errors) throw new AppError('BAD_USER_INPUT', errors[0]?.message ?? '');
    const [selection] = operation.selectionSet.selections;
    const definition = schema.getSubscriptionType()?.getFields()[field.name];
    if (selection?.kind !== Kind.FIELD || !definition) throw new Error('Expected a field.');
    const values = getArgumentValues(definition, selection, coerced);
    return new EventGroup({
      channel: channelFor(field.channel, values),
      hub: this.hub,
      operation: {
        schema,
        document,
        variables: given,
        field,
        maxChars: this.options.maxEventBytes,
      },
      values,
      subgraph,
      onEmpty,
    });
  }
}

interface Opening {
  readonly document: ReturnType<typeof parse>;
  readonly operation: OperationDefinitionNode;
  /** The name of its field. */
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Reads the request of a planner, which has one field. */
function readOpening({ body }: SubgraphRequest): Opening | undefined {
  const { query, variables = {} } = JSON.parse(body) as {
    readonly query: string;
    readonly variables?: Readonly<Record<string, unknown>>;
  };
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  const [selection] = operation?.selectionSet.selections ?? [];
  if (!operation || selection?.kind !== Kind.FIELD) return undefined;
  return { document, operation, name: selection.name.value, variables };
}

/** Arguments that name no channel are the client's mistake: it gets an error, as a subgraph would send it. */
function refuse(error: unknown, { subgraph }: SubgraphRequest, sink: EventSink): OpenEvents {
  const telling = setImmediate(() => {
    if (error instanceof AppError) {
      const { message, code } = error;
      const errors = [{ message, extensions: { code } }];
      sink.next({ body: JSON.stringify({ errors }), cacheControl: undefined });
      sink.end();
      return;
    }
    const problem = 'has an event field that cannot be opened.';
    sink.end(new SubgraphFailure('SUBGRAPH_ERROR', subgraph, problem, { cause: error }));
  });
  return {
    close: () => {
      clearImmediate(telling);
    },
  };
}
