import type { Bus, DeadLetter } from '../bus/bus.ts';
import { printable, table } from './table.ts';

/** The dependencies of the operator's commands. */
export interface CommandSurroundings {
  readonly bus: Bus;
  readonly consumers: readonly string[];
  /** What waits in each outbox, and how much may. */
  readonly outboxes: () => Promise<readonly OutboxLag[]>;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Asks a question; resolves to whether the answer was yes. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** How full an outbox is. */
export interface OutboxLag {
  readonly service: string;
  readonly waiting: number;
  readonly most: number;
}

/** A parsed command line. */
export interface CommandRequest {
  readonly command: 'list-dead' | 'show' | 'replay' | 'drop' | 'lag';
  readonly consumer?: string;
  readonly id?: string;
  /** All dead letters of the consumer, instead of one. */
  readonly all: boolean;
  readonly limit: number;
  /** Skip the confirmation. */
  readonly yes: boolean;
}

/** The most dead letters that `--all` processes at once and `show` searches. */
const most = 10_000;

/** Runs a command and returns its exit code: 1 when the dead letter does not exist or the answer was no. */
export async function runEventCommand(
  request: CommandRequest,
  surroundings: CommandSurroundings,
): Promise<number> {
  switch (request.command) {
    case 'list-dead':
      return listDead(request, surroundings);
    case 'show':
      return show(request, surroundings);
    case 'replay':
      return replay(request, surroundings);
    case 'drop':
      return drop(request, surroundings);
    case 'lag':
      return lag(surroundings);
  }
}

async function listDead(
  { consumer, limit }: CommandRequest,
  { bus, consumers, out }: CommandSurroundings,
): Promise<number> {
  const letters: DeadLetter[] = [];
  for (const name of consumer === undefined ? consumers : [consumer]) {
    for (const letter of await bus.deadLetters(name, limit)) letters.push(letter);
  }
  if (letters.length === 0) {
    out('There are no dead letters.');
    return 0;
  }
  const rows = letters
    .slice(0, limit)
    .map((letter) => [
      letter.consumer,
      letter.id,
      typeOf(letter),
      letter.key,
      String(letter.failures),
      letter.diedAt.toISOString(),
      letter.reason.slice(0, 80),
    ]);
  const heads = ['CONSUMER', 'ID', 'TYPE', 'KEY', 'FAILURES', 'SINCE', 'REASON'];
  for (const line of table(heads, rows)) out(line);
  return 0;
}

async function show(
  { consumer = '', id }: CommandRequest,
  { bus, out, err }: CommandSurroundings,
): Promise<number> {
  const letter = (await bus.deadLetters(consumer, most)).find((each) => each.id === id);
  if (!letter) return missing(consumer, id, err);
  const { key, failures, diedAt, reason, text } = letter;
  out(`consumer  ${consumer}`);
  out(`key       ${printable(key)}`);
  out(`failures  ${failures}`);
  out(`since     ${diedAt.toISOString()}`);
  out(`reason    ${printable(reason)}`);
  out('');
  for (const line of pretty(text).split('\n')) out(printable(line));
  return 0;
}

async function replay(
  request: CommandRequest,
  { bus, out, err }: CommandSurroundings,
): Promise<number> {
  const { consumer = '' } = request;
  const ids = await idsOf(request, bus);
  let replayed = 0;
  for (const id of ids) if (await bus.replay(consumer, id)) replayed += 1;
  if (replayed === 0) return missing(consumer, request.id, err);
  out(`${counted(replayed)} of ${consumer} comes again.`);
  return 0;
}

async function drop(
  request: CommandRequest,
  { bus, out, err, confirm }: CommandSurroundings,
): Promise<number> {
  const { consumer = '', yes } = request;
  const ids = await idsOf(request, bus);
  if (ids.length === 0) return missing(consumer, request.id, err);
  const question = `Remove ${counted(ids.length)} of ${consumer} for good?`;
  if (!yes && !(await confirm(question))) {
    err('Nothing was removed.');
    return 1;
  }
  let dropped = 0;
  for (const id of ids) if (await bus.drop(consumer, id)) dropped += 1;
  if (dropped === 0) return missing(consumer, request.id, err);
  out(`${counted(dropped)} of ${consumer} is removed.`);
  return 0;
}

async function lag({ bus, consumers, outboxes, out }: CommandSurroundings): Promise<number> {
  const waiting = (await outboxes()).map(({ service, waiting: count, most: max }) => [
    service,
    count < max ? String(count) : `${max} or more: no new orders`,
    String(max),
  ]);
  for (const line of table(['OUTBOX', 'WAITING', 'MOST'], waiting)) out(line);
  out('');
  const rows = (await bus.lag(consumers)).map(({ consumer, waiting, delayed, dead }) => [
    consumer,
    String(waiting),
    String(delayed),
    String(dead),
  ]);
  for (const line of table(['CONSUMER', 'WAITING', 'DELAYED', 'DEAD'], rows)) out(line);
  return 0;
}

async function idsOf({ consumer = '', id, all }: CommandRequest, bus: Bus) {
  if (!all) return id === undefined ? [] : [id];
  return (await bus.deadLetters(consumer, most)).map((letter) => letter.id);
}

function missing(
  consumer: string,
  id: string | undefined,
  err: CommandSurroundings['err'],
): number {
  err(
    id === undefined
      ? `${consumer} has no dead letters.`
      : `${consumer} has no dead letter ${printable(id)}; list-dead shows what there is.`,
  );
  return 1;
}

function counted(count: number): string {
  return count === 1 ? '1 dead letter' : `${count} dead letters`;
}

function typeOf({ text }: DeadLetter): string {
  try {
    const { type } = JSON.parse(text) as { readonly type?: unknown };
    return typeof type === 'string' ? type : '?';
  } catch {
    return '?';
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
