import { parse } from 'graphql';
import { composeSubgraphs } from '../compose-subgraphs.ts';
import { SubgraphSource } from '../subgraph-source.ts';
import type { ComposeReply, ComposeRequest } from './messages.ts';

// Composes what the first message asks for, says so, and ends; it ends, too, when the process that asked is gone.
process.once('disconnect', () => process.exit());
process.once('message', (message) => {
  void answer(message as ComposeRequest);
});

async function answer({ subgraphs, how }: ComposeRequest): Promise<void> {
  const parsed = subgraphs.map(({ entry, file, sdl }) => ({
    entry,
    document: parse(new SubgraphSource(sdl, file, entry.name)),
  }));
  const made = await composeSubgraphs(parsed, how, (stage) => say({ stage }));
  process.send?.({ made } satisfies ComposeReply, undefined, {}, () => process.disconnect());
}

function say(reply: ComposeReply): void {
  process.send?.(reply);
}
