import { z } from 'zod';
import { contracts } from './catalogue.ts';
import type { EventVersion } from './event-contract.ts';
import { eventAttributes, eventContentType } from './event.ts';

/** An AsyncAPI 3.0 document as JSON. */
export type AsyncApiDocument = Readonly<Record<string, unknown>>;

/** The channel of a kind of event, shared by all versions. */
function channelOf({ name }: Pick<EventVersion, 'name'>): string {
  return name.replace(/^shop[.]/, '').replace(/[.][a-z]+$/, '');
}

/** The AsyncAPI 3.0 document of every contract: a channel for each aggregate, a message for each version of an event. */
export function asyncApiDocument(): AsyncApiDocument {
  const channels = [...new Set(contracts.map(channelOf))].sort();
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Events of the shop',
      version: '1.0.0',
      description:
        'CloudEvents 1.0 in structured mode. Each is delivered at least once; events of one customer (`userkey`) keep their order. A new version of an event is a new type beside the old one; members that are not described here are to be ignored.',
      license: { name: 'MIT' },
    },
    defaultContentType: eventContentType,
    channels: Object.fromEntries(
      channels.map((channel) => [
        channel,
        {
          address: `shop.${channel}`,
          messages: Object.fromEntries(
            contracts
              .filter((contract) => channelOf(contract) === channel)
              .map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]),
          ),
        },
      ]),
    ),
    operations: Object.fromEntries(
      channels.map((channel) => [
        `publish-${channel}`,
        {
          action: 'send',
          channel: { $ref: `#/channels/${channel}` },
          summary: `What the shop says about ${channel}.`,
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(contracts.map((contract) => [contract.type, message(contract)])),
    },
  };
}

function message({ type, name, title, description, data }: EventVersion): object {
  const envelope = jsonSchemaOf(eventAttributes);
  const properties = envelope.properties as Record<string, object>;
  return {
    name: type,
    title,
    summary: description,
    tags: [{ name }],
    contentType: eventContentType,
    correlationId: { location: '$message.payload#/correlationid' },
    payload: {
      ...envelope,
      properties: { ...properties, type: { const: type }, data: jsonSchemaOf(data) },
    },
  };
}

/** As JSON Schema draft 7, of which AsyncAPI 3.0 uses a superset. Readers must accept unknown members. */
function jsonSchemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return rest;
}
