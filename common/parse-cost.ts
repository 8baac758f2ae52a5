import { randomInt } from 'node:crypto';

/**
 * How deep lists and objects of a response may nest: far deeper than an operation selects, because a scalar may hold
 * JSON.
 */
export const nestingMax = 500;

/** Shorter texts are always parsed in less than 100 ms. Their values are checked for depth by those who traverse them. */
const lengthOfSmall = 500_000;

/** The most values of a response: lists, objects and their contents. */
const valuesMax = 1_200_000;

/**
 * The shape of an object is the ordered list of its names. JSON.parse is fast for shapes it has seen before, until
 * there are too many. An operation needs few shapes; only a scalar with JSON may have more. This many shapes are
 * allowed without further limits.
 */
const shapesMax = 1_000;

/** The most names in shapes beyond those. */
const extraNamesMax = 50_000;

/**
 * Returns why a response must not be parsed, as the rest of a sentence that starts with the subgraph. Returns
 * `undefined` for a text that JSON.parse reads in less than half a second, whatever its length. Ten megabytes of empty
 * lists, or of names that are all different, would take seconds and block everything else. For invalid JSON the result
 * is arbitrary.
 */
export function parsingProblem(json: string): string | undefined {
  return json.length > lengthOfSmall ? problemOfLarge(json) : undefined;
}

/** The message for a response that is nested deeper than `nestingMax`. */
export const nestingProblem = `answered with a value nested deeper than ${nestingMax} levels.`;
const valuesProblem = `answered with more than ${valuesMax} values.`;
const namesProblem = `answered with objects of too many shapes: more than ${extraNamesMax} names are not as in the first ${shapesMax} shapes.`;

function problemOfLarge(json: string): string | undefined {
  const shapes = new Shapes();
  // The shape so far of the open object at each depth.
  const open = new Int32Array(nestingMax + 1).fill(list);
  let depth = 0;
  let values = 1;
  let isNameNext = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (char === quote) {
      const end = endOfString(json, at);
      if (isNameNext) {
        const shape = shapeWith(open[depth] ?? list, json, at, end);
        if (!shapes.add(shape)) return namesProblem;
        open[depth] = shape;
        isNameNext = false;
      }
      at = end;
    } else if (char === comma) {
      values += 1;
      isNameNext = open[depth] !== list;
    } else if (char === openBrace || char === openBracket) {
      values += 1;
      depth += 1;
      if (depth > nestingMax) return nestingProblem;
      isNameNext = char === openBrace;
      open[depth] = isNameNext ? noNames : list;
    } else if (char === closeBrace || char === closeBracket) {
      // Invalid JSON may close more than it opens.
      depth = Math.max(0, depth - 1);
      isNameNext = false;
    }
    if (values > valuesMax) return valuesProblem;
  }
  return undefined;
}

/** Marks a list in `open`, instead of a shape. */
const list = 0;

/**
 * The shape of an object before its first name. Random, so that a subgraph cannot choose names whose shapes collide.
 */
const noNames = randomInt(2 ** 29) * 2 + 1;

/** The shape after another name, as a 30-bit number that is never `list`. */
function shapeWith(before: number, json: string, start: number, end: number): number {
  let mixed = before;
  for (let at = start; at < end; at += 1) {
    mixed = Math.imul(mixed ^ json.charCodeAt(at), 0x0100_0193);
  }
  return (mixed & 0x3fff_ffff) | 1;
}

/** The shapes of a response so far. */
class Shapes {
  private readonly seen = new Set<number>();
  private extraNames = 0;

  /** False when there are too many. */
  add(shape: number): boolean {
    if (this.seen.has(shape)) return true;
    if (this.seen.size < shapesMax) this.seen.add(shape);
    else this.extraNames += 1;
    return this.extraNames <= extraNamesMax;
  }
}

/* The characters that give JSON its structure (RFC 8259 §2). */
const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** The index of the quote that ends the string at `start`; past the end of the text when there is none. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  for (; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (char === quote) return at;
    if (char === backslash) at += 1;
  }
  return at;
}
