import { randomInt } from 'node:crypto';

/** How deep lists and objects of an answer may nest: far deeper than an operation selects, for a scalar may hold JSON. */
export const nestingMax = 500;

/** Up to this length, whatever it says is parsed in less than 100 ms, and only its nesting is looked at. */
const lengthOfSmall = 500_000;

/** The most values of an answer: lists, objects and what they hold. */
const valuesMax = 1_200_000;

/**
 * The shape of an object is its names in their order. A parser is quick with shapes it has met, until they are too many;
 * an operation asks for few, and only a scalar that holds JSON may have more. So many shapes are taken as met.
 */
const shapesMax = 1_000;

/** The most names that make a shape beyond those. */
const oddNamesMax = 50_000;

/**
 * Why an answer is not parsed, in the end of a sentence that begins with the subgraph; `undefined` for one that JSON.parse
 * reads in less than half a second, whatever its length. Ten megabytes of empty lists, or of names that are all different,
 * would take it seconds, in which nothing else is served. Of text that is no JSON it says anything.
 */
export function parsingProblem(json: string): string | undefined {
  if (json.length > lengthOfSmall) return problemOfLarge(json);
  return nestsTooDeep(json) ? nestingProblem : undefined;
}

/** What is said of an answer that nests deeper than `nestingMax`. */
export const nestingProblem = `answered a value that nests deeper than ${nestingMax} levels.`;
const valuesProblem = `answered more than ${valuesMax} values.`;
const namesProblem = `answered objects of too many shapes: more than ${oddNamesMax} names are not as in the first ${shapesMax} shapes.`;

/** As `problemOfLarge`, of the nesting alone: what walks through the value would end its stack. */
function nestsTooDeep(json: string): boolean {
  // Each level has two characters at least.
  if (json.length <= 2 * nestingMax) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (char === quote) at = endOfString(json, at);
    // Brackets and braces are told apart by one bit.
    else if ((char | 0x20) === openBrace) {
      depth += 1;
      if (depth > nestingMax) return true;
    } else if ((char | 0x20) === closeBrace) depth -= 1;
  }
  return false;
}

function problemOfLarge(json: string): string | undefined {
  const shapes = new Shapes();
  // By depth, the shape so far of the object there.
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
        if (!shapes.take(shape)) return namesProblem;
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
      // What is no JSON may close more than it opens.
      depth = Math.max(0, depth - 1);
      isNameNext = false;
    }
    if (values > valuesMax) return valuesProblem;
  }
  return undefined;
}

/** Stands for a list where there might be a shape. */
const list = 0;

/** The shape of an object before its first name. Drawn, so that no subgraph can choose names whose shapes are taken for one. */
const noNames = randomInt(2 ** 29) * 2 + 1;

/** The shape that another name makes of one, as a number of 30 bits that is never `list`. */
function shapeWith(before: number, json: string, start: number, end: number): number {
  let mixed = before;
  for (let at = start; at < end; at += 1) {
    mixed = Math.imul(mixed ^ json.charCodeAt(at), 0x0100_0193);
  }
  return (mixed & 0x3fff_ffff) | 1;
}

/** The shapes an answer has so far. */
class Shapes {
  private readonly met = new Set<number>();
  private oddNames = 0;

  /** False when there are too many. */
  take(shape: number): boolean {
    if (this.met.has(shape)) return true;
    if (this.met.size < shapesMax) this.met.add(shape);
    else this.oddNames += 1;
    return this.oddNames <= oddNamesMax;
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

/** The place of the quote that ends the string that begins here, or a place behind the text. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  for (; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (char === quote) return at;
    if (char === backslash) at += 1;
  }
  return at;
}
