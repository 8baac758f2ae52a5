import type { Result } from '../result.ts';
import { figuresOf, floorOfMain, ratioOf } from './figures.ts';

/**
 * The result for programs: for each operation and gateway that was measured, the median CPU time of a request in
 * microseconds and its ratio to the floor of the main query.
 */
export function toJson(result: Result): string {
  const operations = result.operations.map(({ name }) => [
    name,
    Object.fromEntries(
      result.participants.flatMap((participant) => {
        const figures = figuresOf(result.comparison, participant.name, name);
        const ratio = ratioOf(result, [participant.name, name], floorOfMain);
        if (!figures || !ratio) return [];
        return [
          [
            participant.name,
            { cpuUs: rounded(figures.cpuUs.median, 1), ratioToFloor: rounded(ratio.median, 3) },
          ],
        ];
      }),
    ),
  ]);
  return JSON.stringify({ operations: Object.fromEntries(operations) as object }, undefined, 2);
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
