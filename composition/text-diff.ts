const contextLines = 3;

/** Beyond this many changes only their number is shown, because the search time grows quadratically. */
const changesMax = 1_000;

/** The most lines of a diff. */
const linesMax = 200;

/** The unified diff of two texts; empty when they are equal. */
export function textDiff(before: string, after: string, path: string): string {
  const [old, next] = [linesOf(before), linesOf(after)];
  const steps = fewestChanges(old, next);
  const head = [`--- ${path}`, `+++ ${path} (composed)`];
  if (!steps) {
    return [
      ...head,
      `  (more than ${changesMax} lines differ: ${old.length} → ${next.length})`,
    ].join('\n');
  }
  const hunks = hunksOf(steps);
  if (hunks.length === 0) return '';
  const lines = hunks.flat();
  const rest = lines.length - linesMax;
  return [
    ...head,
    ...lines.slice(0, linesMax),
    ...(rest > 0 ? [`  (${rest} more lines)`] : []),
  ].join('\n');
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

interface Step {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
  /** The line numbers before this line. */
  readonly old: number;
  readonly next: number;
}

/** E. Myers, An O(ND) Difference Algorithm (1986); `undefined` when there are too many changes. */
function fewestChanges(old: readonly string[], next: readonly string[]): Step[] | undefined {
  const traces: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  for (let changes = 0; changes <= changesMax; changes += 1) {
    traces.push(reached);
    const further = new Map<number, number>();
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let at = isDown(reached, diagonal, changes)
        ? (reached.get(diagonal + 1) ?? 0)
        : (reached.get(diagonal - 1) ?? 0) + 1;
      while (at < old.length && at - diagonal < next.length && old[at] === next[at - diagonal])
        at += 1;
      further.set(diagonal, at);
      if (at >= old.length && at - diagonal >= next.length) return stepsBack(traces, old, next);
    }
    reached = further;
  }
  return undefined;
}

function isDown(reached: ReadonlyMap<number, number>, diagonal: number, changes: number): boolean {
  if (diagonal === -changes) return true;
  if (diagonal === changes) return false;
  return (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1);
}

function stepsBack(
  traces: readonly ReadonlyMap<number, number>[],
  old: readonly string[],
  next: readonly string[],
): Step[] {
  const steps: Step[] = [];
  let [x, y] = [old.length, next.length];
  for (let changes = traces.length - 1; changes >= 0; changes -= 1) {
    const reached = traces[changes] ?? new Map<number, number>();
    const diagonal = x - y;
    const down = isDown(reached, diagonal, changes);
    const fromDiagonal = down ? diagonal + 1 : diagonal - 1;
    const fromX = reached.get(fromDiagonal) ?? 0;
    const fromY = fromX - fromDiagonal;
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0)) {
      x -= 1;
      y -= 1;
      steps.push({ sign: ' ', line: old[x] ?? '', old: x, next: y });
    }
    if (changes === 0) break;
    if (down) {
      y -= 1;
      steps.push({ sign: '+', line: next[y] ?? '', old: x, next: y });
    } else {
      x -= 1;
      steps.push({ sign: '-', line: old[x] ?? '', old: x, next: y });
    }
  }
  return steps.reverse();
}

function hunksOf(steps: readonly Step[]): string[][] {
  const changed = steps.flatMap(({ sign }, at) => (sign === ' ' ? [] : [at]));
  const ranges: { start: number; end: number }[] = [];
  for (const at of changed) {
    const last = ranges.at(-1);
    if (last && at - contextLines <= last.end) last.end = at + contextLines + 1;
    else ranges.push({ start: Math.max(0, at - contextLines), end: at + contextLines + 1 });
  }
  return ranges.map(({ start, end }) => {
    const within = steps.slice(start, end);
    const count = (sign: '-' | '+'): number =>
      within.filter((step) => step.sign === ' ' || step.sign === sign).length;
    const [first] = within;
    return [
      `@@ -${(first?.old ?? 0) + 1},${count('-')} +${(first?.next ?? 0) + 1},${count('+')} @@`,
      ...within.map(({ sign, line }) => `${sign}${line}`),
    ];
  });
}
