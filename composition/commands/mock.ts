import { buildSchema } from 'graphql';
import { messageOf } from '../../common/errors.ts';
import { type MockServer, serveMock } from '../mock/mock-server.ts';
import { type Command, type Given, type Surroundings, UsageError } from './command.ts';
import { composedFor, composingOptions } from './composed.ts';
import { exitCodes } from './exit-code.ts';
import { inputText } from './input-text.ts';

/** `mock`: made-up data for who works on a client before a subgraph is there. */
export const mockCommand: Command = {
  name: 'mock',
  summary: 'Serves the schema with made-up data, the same for the same seed.',
  options: {
    port: {
      value: 'PORT',
      help: 'where it listens on 127.0.0.1; 0 is any free port (default: 4100)',
    },
    seed: { value: 'TEXT', help: 'other data for another text (default: 1)' },
    schema: { value: 'FILE', help: 'a schema that clients see, in the place of the subgraphs' },
    ...composingOptions,
  },
  examples: ['', '--port 4000 --seed spring', '--schema api.graphql'],
  notes: [
    'An object with an id has the same data wherever it is met. Lists have three items, or as many as `first` says, at',
    'most 50; an answer has at most 10,000 objects. Lists of errors are empty. It ends with Ctrl+C.',
  ].join('\n'),
  run: async (given, surroundings) => {
    const port = portOf(given);
    const apiSdl = await apiSdlFor(given, surroundings);
    if (apiSdl === undefined) return exitCodes.notComposed;
    const server = await listen(apiSdl, port, given.text('seed') ?? '1', surroundings);
    surroundings.out(`Made-up data at ${server.url}`);
    await surroundings.untilStopped();
    await server.close();
    return exitCodes.fine;
  },
};

async function listen(
  apiSdl: string,
  port: number,
  seed: string,
  { err }: Surroundings,
): Promise<MockServer> {
  let schema;
  try {
    schema = buildSchema(apiSdl);
  } catch (error) {
    throw new UsageError(`--schema is not a schema: ${messageOf(error)}`);
  }
  try {
    return await serveMock(schema, { port, seed }, (error) => {
      err(messageOf(error));
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'EADDRINUSE' ? `Port ${port} is in use.` : `Cannot listen: ${messageOf(error)}`,
      'Choose another with --port.',
    );
  }
}

function portOf(given: Given): number {
  const text = given.text('port') ?? '4100';
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port is a number from 0 to 65535; got "${text}".`);
}

async function apiSdlFor(given: Given, surroundings: Surroundings): Promise<string | undefined> {
  const file = given.text('schema');
  if (file !== undefined) return inputText(file, surroundings);
  return (await composedFor(given, surroundings))?.apiSdl;
}
