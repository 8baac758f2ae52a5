import { attacks } from './attacks/attacks.ts';
import type { Outcome } from './attacks/measure.ts';
import { ensureInstalled } from './install.ts';

/**
 * Sends attacks to `ApolloGateway` in `startStandaloneServer` and to this gateway, each to a process of its own, and
 * prints what they did. It ends after a minute; what was not measured by then is left out.
 */
const endsAt = Date.now() + 60_000;
const deadlineMs = 8_000;

ensureInstalled(say);
const [{ measureAttack }, { startSurroundings }, { ours }, { stock }] = await Promise.all([
  import('./attacks/measure.ts'),
  import('./surroundings.ts'),
  import('./peers/ours.ts'),
  import('./peers/stock.ts'),
]);
const surroundings = await startSurroundings();
const outcomes: Outcome[] = [];
try {
  for (const attack of attacks) {
    for (const peer of [stock, ours]) {
      const leftMs = endsAt - Date.now();
      if (leftMs < 2_000) break;
      say(`${attack.threat}: ${attack.title} → ${peer.title}`);
      outcomes.push(
        await measureAttack(attack, peer, surroundings, Math.min(deadlineMs, leftMs - 1_500)),
      );
    }
  }
} finally {
  await surroundings.stop();
}
process.stdout.write(`${tableOf(outcomes)}\n`);

function tableOf(rows: readonly Outcome[]): string {
  return [
    '| threat | attack | gateway | status | event loop stalls | reply | memory |',
    '| --- | --- | --- | --- | ---: | ---: | ---: |',
    ...rows.map(
      ({ attack, peer, status, stallMs, replyBytes, memoryBytes }) =>
        `| ${attack.threat} | ${attack.title} | ${peer.title} | ${status} | ${stallMs} ms | ` +
        `${replyBytes.toLocaleString('en')} B | +${(memoryBytes / 2 ** 20).toFixed(0)} MB |`,
    ),
  ].join('\n');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
