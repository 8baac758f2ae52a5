import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ComposeApart, composeSubgraphs, type MadeComposition } from '../compose-subgraphs.ts';
import type { ParsedSubgraph } from '../read-schema.ts';
import type { ComposeReply, ComposeRequest } from './messages.ts';

/** Composition leaves much behind that is dead at once: with more room for it, it is not moved about. */
const youngGeneration = '--max-semi-space-size=64';

const ending = extname(fileURLToPath(import.meta.url));
const script = fileURLToPath(new URL(`compose-in-a-process${ending}`, import.meta.url));

/** Composes in a process of its own. Where that cannot run, it composes in this one; where the signal aborts, it rejects. */
export function composeApartUntil(signal: AbortSignal): ComposeApart {
  return async (subgraphs, how, tell) => {
    const request = { how, subgraphs: subgraphs.map(textOf) };
    const made = await ask(request, tell, signal);
    signal.throwIfAborted();
    if (typeof made !== 'string') return made;
    tell(`${made}: composing in this process`);
    return composeSubgraphs(subgraphs, how, tell);
  };
}

function textOf({ entry, document }: ParsedSubgraph): ComposeRequest['subgraphs'][number] {
  const { source } = document.loc ?? {};
  return { entry, file: source?.name ?? '', sdl: source?.body ?? '' };
}

/** What the process made, or why it made nothing. */
function ask(
  request: ComposeRequest,
  tell: (stage: string) => void,
  signal: AbortSignal,
): Promise<MadeComposition | string> {
  return new Promise((resolve) => {
    const child = fork(script, [], {
      execArgv: [...process.execArgv, youngGeneration],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      signal,
    });
    child.on('message', (message) => {
      const reply = message as ComposeReply;
      if ('stage' in reply) tell(reply.stage);
      else resolve(reply.made);
    });
    child.on('error', ({ message }) => resolve(message));
    child.on('exit', (code, by) => resolve(`The process that composes ended with ${code ?? by}`));
    child.send(request, (error) => error && resolve(error.message));
  });
}
