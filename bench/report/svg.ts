import type { Operation } from '../operations/operation.ts';
import type { Result } from '../result.ts';
import { figuresOf, floorOfMain, ratioOf } from './figures.ts';
import { inShort, times } from './text.ts';

const width = 860;
const labelWidth = 270;
const valueWidth = 130;
const barHeight = 18;
const rowHeight = 26;
const headHeight = 46;
const margin = 16;

/** A picture of the CPU time per request: a group of bars for each operation, each group with a scale of its own. */
export function toSvg(result: Result): string {
  const groups = result.operations.map((operation) => barsOf(result, operation));
  const parts: string[] = [];
  let y = margin;
  for (const [at, operation] of result.operations.entries()) {
    const bars = groups[at] ?? [];
    parts.push(text(margin, y + 24, `${operation.name}: ${operation.title}`, 'head'));
    const most = Math.max(...bars.map(({ cpuUs }) => cpuUs));
    for (const [row, bar] of bars.entries()) {
      parts.push(drawn(bar, most, y + headHeight + row * rowHeight));
    }
    y += headHeight + bars.length * rowHeight + margin;
  }
  parts.push(text(margin, y + 12, captionOf(result), 'note'));
  return frame(y + 24, parts);
}

interface Bar {
  readonly label: string;
  readonly kind: 'floor' | 'ours' | 'other';
  readonly cpuUs: number;
  readonly value: string;
}

const ownPeers: ReadonlySet<string> = new Set([
  'ours',
  'ours-unlimited',
  'embedded',
  'embedded-fastify',
]);

function barsOf(result: Result, operation: Operation): readonly Bar[] {
  return result.participants.flatMap(({ name, title }): readonly Bar[] => {
    const figures = figuresOf(result.comparison, name, operation.name);
    const ratio = ratioOf(result, [name, operation.name], floorOfMain);
    if (!figures || !ratio) return [];
    return [
      {
        label: title,
        kind: name === 'floor' ? 'floor' : ownPeers.has(name) ? 'ours' : 'other',
        cpuUs: figures.cpuUs.median,
        value: `${inShort(figures.cpuUs.median)} µs · ${times(ratio.median)}`,
      },
    ];
  });
}

function drawn({ label, kind, cpuUs, value }: Bar, most: number, y: number): string {
  const room = width - labelWidth - valueWidth - 2 * margin;
  const length = Math.max(2, (cpuUs / most) * room);
  const x = margin + labelWidth;
  return [
    text(x - 10, y + 13, label, 'label'),
    `<rect class="${kind}" x="${x}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
    text(x + length + 8, y + 13, value, 'value'),
  ].join('\n');
}

function captionOf({ machine, startedAt }: Result): string {
  return (
    'CPU time of the gateway’s process per request and its ratio to the floor of main · ' +
    `Node ${machine.node} · ${startedAt.toISOString().slice(0, 10)}`
  );
}

function frame(height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="CPU time per request, by gateway and operation">
<style>
svg { font: 13px system-ui, sans-serif; background: #fff }
text { fill: #24292f }
.head { font-weight: 600; font-size: 15px }
.label { text-anchor: end }
.value, .note { fill: #57606a }
.floor { fill: #afb8c1 }
.ours { fill: #1f7a4d }
.other { fill: #54698d }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117 }
text { fill: #e6edf3 }
.value, .note { fill: #9198a1 }
.floor { fill: #6e7681 }
.ours { fill: #3fb950 }
.other { fill: #6f8ab8 }
}
</style>
${parts.join('\n')}
</svg>
`;
}

function text(x: number, y: number, content: string, kind: string): string {
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
