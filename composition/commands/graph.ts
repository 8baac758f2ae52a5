import { mapAsMermaid } from '../graph/map-as-mermaid.ts';
import { supergraphMap } from '../graph/supergraph-map.ts';
import { choiceOf } from './choice.ts';
import type { Command } from './command.ts';
import { composedFor, configOption, introspectOption } from './composed.ts';
import { exitCodes } from './exit-code.ts';

/** `graph`: a picture of which subgraphs meet in which types. */
export const graphCommand: Command = {
  name: 'graph',
  summary: 'Draws the subgraphs, the entities with their keys, and what else they share.',
  options: {
    format: {
      value: 'mermaid|json',
      help: 'a chart for Markdown, or the same for programs (default: mermaid)',
    },
    config: configOption,
    introspect: introspectOption,
  },
  examples: ['', '--format json'],
  notes:
    'A dotted line: the subgraph names the entity, and cannot find it by a key. GitHub and GitLab draw Mermaid in Markdown.',
  run: async (given, surroundings) => {
    const format = choiceOf(given, 'format', ['mermaid', 'json']);
    const composition = await composedFor(given, surroundings);
    if (!composition) return exitCodes.notComposed;
    const map = supergraphMap(composition.supergraphSdl);
    surroundings.out(
      format === 'json' ? JSON.stringify({ version: 1, ...map }, null, 2) : mapAsMermaid(map),
    );
    return exitCodes.fine;
  },
};
