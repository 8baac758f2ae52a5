import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** What a mail server of a test does with an e-mail to an address. */
export type SinkBehaviour = 'take' | 'refuse' | 'cut';

/** A mail server that keeps what it takes. */
export interface SmtpSink {
  readonly url: string;
  readonly taken: readonly { readonly to: string; readonly content: string }[];
  /** How often content was sent in full, taken or not. */
  contents(): number;
  stop(): Promise<void>;
}

/** Starts a mail server on a free port of loopback. It speaks as much SMTP as a client needs (RFC 5321). */
export async function startSmtpSink(
  behaviourFor: (to: string) => SinkBehaviour,
): Promise<SmtpSink> {
  const taken: { to: string; content: string }[] = [];
  let contents = 0;
  const server = createServer((socket) => {
    let to = '';
    let content: string | undefined;
    let rest = '';
    const say = (line: string): void => {
      socket.write(`${line}\r\n`);
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('utf8')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    const onLine = (line: string): void => {
      if (content !== undefined) {
        if (line !== '.') {
          content += `${line}\n`;
          return;
        }
        contents += 1;
        const behaviour = behaviourFor(to);
        if (behaviour === 'cut') {
          socket.destroy();
          return;
        }
        if (behaviour === 'take') taken.push({ to, content });
        say(behaviour === 'take' ? '250 taken' : '451 not now');
        content = undefined;
        return;
      }
      const command = line.slice(0, 4).toUpperCase();
      if (command === 'DATA') {
        content = '';
        say('354 go on');
      } else if (command === 'QUIT') {
        say('221 bye');
        socket.end();
      } else {
        if (command === 'RCPT') to = /<([^>]*)>/.exec(line)?.[1] ?? '';
        say('250 yes');
      }
    };
    say('220 sink');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    contents: () => contents,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
