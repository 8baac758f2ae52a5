import { createHash } from 'node:crypto';

/** The inputs of a generated file, besides the generator itself. */
export type Inputs = readonly unknown[];

/** Why a generated file cannot be trusted, as the end of a sentence that starts with the file's name. */
export type StampFault = 'has no stamp' | 'was made from other inputs' | 'was edited by hand';

/** Puts a header before a generated text which proves, without generating again, what it was made from. */
export function stamp(body: string, inputs: Inputs): string {
  return `// Made of ../schema.graphql by \`npm run codegen\`. Do not edit.
// inputs: sha256-${hashInputs(inputs)}
// body: sha256-${hash(body)}

${body}`;
}

/** What is wrong with a stamped text, given the inputs of today; undefined when nothing is. */
export function faultOf(text: string, inputs: Inputs): StampFault | undefined {
  const parts = /^\/\/ .*\n\/\/ inputs: sha256-(\w+)\n\/\/ body: sha256-(\w+)\n\n([^]*)$/.exec(
    withoutCarriageReturns(text),
  );
  if (!parts) return 'has no stamp';
  const [, inputsHash, bodyHash, body = ''] = parts;
  if (inputsHash !== hashInputs(inputs)) return 'was made from other inputs';
  return bodyHash === hash(body) ? undefined : 'was edited by hand';
}

function hashInputs(inputs: Inputs): string {
  return hash(JSON.stringify(inputs).replaceAll(String.raw`\r\n`, String.raw`\n`));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function withoutCarriageReturns(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
