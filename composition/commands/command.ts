import type { ExitCode } from './exit-code.ts';

/** An option of a command, as `--name VALUE`, or `--name` alone where it has no value. */
export interface CommandOption {
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
  /** Whether it may be given more than once. */
  readonly isMultiple?: true;
}

/** What a command was called with. */
export interface Given {
  readonly positionals: readonly string[];
  /** The value of an option. */
  text(name: string): string | undefined;
  /** The values of an option that may be given more than once, in their order. */
  texts(name: string): readonly string[];
  /** Whether an option without a value was given. */
  has(name: string): boolean;
}

/** What a command may use of the world. */
export interface Surroundings {
  /** How this tool is called, for texts that say what to type. */
  readonly call: string;
  /** Writes a line. */
  readonly out: (line: string) => void;
  /** Writes a line for people, beside what is meant for programs. */
  readonly err: (line: string) => void;
  readonly isColoured: boolean;
  readonly fetch: typeof globalThis.fetch;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** What was piped into the process. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Resolves when the process is asked to stop (SIGINT, SIGTERM). */
  readonly untilStopped: () => Promise<void>;
}

/** A command of the command line, as data. */
export interface Command {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly summary: string;
  /** The arguments that are not options, as the help shows them. */
  readonly arguments?: string;
  readonly argumentsMax?: number;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Calls that do something useful. */
  readonly examples: readonly string[];
  /** What else the help says. */
  readonly notes?: string;
  readonly run: (given: Given, surroundings: Surroundings) => Promise<ExitCode>;
}

/** Says that a command was used wrongly, or that what it is to look at is not there. One line, and what to do. */
export class UsageError extends Error {
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.name = 'UsageError';
    this.advice = advice;
  }
}
