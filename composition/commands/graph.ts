import { mapAsMermaid } from '../graph/map-as-mermaid.ts';
import { mapAsSvg } from '../graph/map-as-svg.ts';
import { type SupergraphMap, supergraphMap } from '../graph/supergraph-map.ts';
import { choiceOf } from './choice.ts';
import type { Command } from './command.ts';
import { composedFor, composingOptions } from './composed.ts';
import { exitCodes } from './exit-code.ts';

/** `graph`: a picture of which subgraphs meet in which types. */
export const graphCommand: Command = {
  name: 'graph',
  summary: 'Draws the subgraphs, the entities with their keys, and what else they share.',
  options: {
    format: {
      value: 'mermaid|svg|json',
      help: 'a chart for Markdown, a picture, or the same for programs (default: mermaid)',
    },
    ...composingOptions,
  },
  examples: ['', '--format svg > graph.svg', '--format json'],
  notes:
    'A dotted line: the subgraph names the entity, and cannot find it by a key. GitHub and GitLab draw Mermaid in Markdown. A picture has at most 40 types, those of the most subgraphs; the others are grouped by their subgraphs.',
  run: async (given, surroundings) => {
    const format = choiceOf(given, 'format', formats);
    const composition = await composedFor(given, surroundings);
    if (!composition) return exitCodes.notComposed;
    const map = supergraphMap(composition.supergraphSdl);
    surroundings.out(textOf(map, format));
    return exitCodes.fine;
  },
};

const formats = ['mermaid', 'svg', 'json'] as const;

function textOf(map: SupergraphMap, format: (typeof formats)[number]): string {
  switch (format) {
    case 'mermaid':
      return mapAsMermaid(map);
    case 'svg':
      return mapAsSvg(map);
    case 'json':
      return JSON.stringify({ version: 1, ...map }, null, 2);
  }
}
