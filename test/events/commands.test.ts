import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runEventCommand } from '../../events/commands/commands.ts';
import { readRequest } from '../../events/commands/read-request.ts';
import { openTestHome } from '../support/database.ts';
import { cancelled } from './cancelled.ts';
import { createEventHouse, type EventHouse } from './event-house.ts';

const consumers = ['notifications-email', 'notifications-sms'];
const [email = ''] = consumers;

describe('npm run events', () => {
  let house: EventHouse;
  let waiting = 7;
  const event = cancelled({ userId: '7', reason: 'Written with \u001B[31m colour.' });

  beforeAll(async () => {
    house = await createEventHouse(openTestHome);
    await house.bus.declare(
      consumers.map((consumer) => ({ consumer, types: ['shop.order.cancelled.v1'] })),
    );
  });
  afterAll(() => house.close());

  const run = async (args: readonly string[], answer = false) => {
    const lines: string[] = [];
    const questions: string[] = [];
    const code = await runEventCommand(readRequest(args, consumers), {
      bus: house.bus,
      consumers,
      outboxes: async () => [{ service: 'orders', waiting, most: 100 }],
      out: (line) => lines.push(line),
      err: (line) => lines.push(line),
      confirm: async (question) => {
        questions.push(question);
        return answer;
      },
    });
    return { code, lines, questions };
  };
  const bury = (reason = 'no use') =>
    house.bus.bury(
      email,
      { id: event.id, key: '7', text: JSON.stringify(event), failures: 5 },
      reason,
    );

  it('lists what was given up, and says when there is nothing', async () => {
    expect(await run(['list-dead'])).toMatchObject({
      code: 0,
      lines: ['There are no dead letters.'],
    });
    await bury();
    const { code, lines } = await run(['list-dead', email]);
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^CONSUMER +ID +TYPE +KEY +FAILURES +SINCE +REASON$/);
    expect(lines[1]).toContain(`${email}  ${event.id}  shop.order.cancelled.v1  7    5`);
    expect(lines).toHaveLength(2);
  });

  it('shows one with its event, and nothing that a terminal would obey', async () => {
    const { code, lines } = await run(['show', email, event.id]);
    expect(code).toBe(0);
    expect(lines.join('\n')).toContain('"correlationid": "a-request-of-a-test"');
    expect(lines.join('\n')).not.toContain('\u001B');
    expect(await run(['show', email, 'none'])).toMatchObject({ code: 1 });
  });

  it('says what waits in the outbox, and how far consumers are behind', async () => {
    expect((await run(['lag'])).lines).toEqual([
      'OUTBOX  WAITING  MOST',
      'orders  7        100',
      '',
      'CONSUMER             WAITING  DELAYED  DEAD',
      'notifications-email  0        0        1',
      'notifications-sms    0        0        0',
    ]);
    waiting = 100;
    expect((await run(['lag'])).lines[1]).toBe('orders  100 or more: no new orders  100');
  });

  it('delivers one again, or all', async () => {
    expect(await run(['replay', email, event.id])).toMatchObject({
      code: 0,
      lines: [`1 dead letter of ${email} comes again.`],
    });
    expect(await run(['replay', email, '--all'])).toEqual({
      code: 1,
      lines: [`${email} has no dead letters.`],
      questions: [],
    });
    expect(await house.messagesOf(email)).toHaveLength(1);
  });

  it('asks before it removes one, and does without a yes not', async () => {
    await bury();
    const refused = await run(['drop', email, event.id]);
    expect(refused).toEqual({
      code: 1,
      lines: ['Nothing was removed.'],
      questions: [`Remove 1 dead letter of ${email} for good?`],
    });
    expect(await run(['drop', email, event.id], true)).toMatchObject({ code: 0 });
    await bury();
    expect(await run(['drop', email, '--all', '--yes'])).toMatchObject({ code: 0, questions: [] });
    expect(await house.bus.deadLetters(email, 10)).toEqual([]);
  });

  it.each([
    [[], /A command is needed/],
    [['list-ded'], /nearest is list-dead/],
    [['show', email], /needs the id/],
    [['replay', email, 'x', '--all'], /or --all/],
    [['drop'], /needs a consumer/],
    [['show', 'notifications-emial', 'x'], /nearest is notifications-email/],
    [['list-dead', '--limit', '0'], /whole number/],
    [['lag', email], /given too much/],
    [['lag', '--loud'], /Unknown option/],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => readRequest(args, consumers)).toThrow(message);
  });
});
