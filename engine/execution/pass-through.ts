import type { SubgraphRequest } from '../fetching/types.ts';
import { requestFor } from './call.ts';
import { compileBody } from './fetch-body.ts';
import type { FetchNode, QueryPlan } from './plan.ts';
import type { Run } from './run.ts';
import { type SelectedKeys, selectedKeys } from './selection.ts';
import type { LeafShape, ObjectShape, ValueShape } from './shape.ts';

/**
 * Avoids parsing and serializing JSON when a plan's only fetch selects exactly what the client selected: a response
 * whose text is, character for character, what we would write is passed through.
 */
export interface PassThrough {
  request(run: Run): SubgraphRequest;
  /** The text of the response; `undefined` when it is not exactly as expected. */
  accept(text: string): string | undefined;
}

/** The most fields to compile; each becomes a piece of a regular expression. */
const fieldsMax = 500;

/** Compiles the pass-through; `undefined` when the plan or the shape does not allow it. */
export function compilePassThrough(plan: QueryPlan, shape: ObjectShape): PassThrough | undefined {
  const isEvent = plan.node?.kind === 'subscription' && !plan.node.rest;
  const node = isEvent ? plan.node.primary : plan.node;
  if (node?.kind !== 'fetch' || node.entities || node.outputRewrites.length > 0) return undefined;
  if (!isSameSelection(shape, selectedKeys(node.operation), { left: fieldsMax })) return undefined;
  const pattern = objectPattern(shape);
  if (!pattern) return undefined;
  return { request: requestWriter(node), accept: answerReader(toMatcher(pattern)) };
}

function requestWriter(node: FetchNode): PassThrough['request'] {
  const writeBody = compileBody(node, []);
  return (run) => requestFor(node, writeBody(run.variables, []), [], run);
}

const head = '{"data":';

function answerReader(match: Matcher): PassThrough['accept'] {
  return (text) => {
    if (!text.startsWith(head)) return undefined;
    const end = match(text, head.length);
    if (end < 0 || text[end] !== '}') return undefined;
    if (text.length === end + 1) return text;
    return text.slice(end + 1).trim() === '' ? text.slice(0, end + 1) : undefined;
  };
}

/** True when the response keys are the same, in the same order, on every level. */
function isSameSelection(
  shape: ObjectShape,
  keys: SelectedKeys,
  budget: { left: number },
): boolean {
  if (shape.fields.length !== keys.names.length) return false;
  budget.left -= shape.fields.length;
  if (budget.left < 0) return false;
  return shape.fields.every(({ key, from, value }, place) => {
    if (keys.names[place] !== key || from !== key) return false;
    const inner = objectIn(value);
    const below = keys.below[place];
    if (!inner || !below) return inner === undefined && below === undefined;
    return isSameSelection(inner, below, budget);
  });
}

function objectIn(value: ValueShape): ObjectShape | undefined {
  if (value.kind === 'list') return objectIn(value.item);
  return value.kind === 'object' ? value : undefined;
}

/** Returns the end of the value that starts at an index of the text; -1 when the value is not as expected. */
type Matcher = (text: string, at: number) => number;

/** A regular expression; or a function when there is a list, because an expression would backtrack item by item. */
type Pattern = string | Matcher;

function toMatcher(pattern: Pattern): Matcher {
  if (typeof pattern !== 'string') return pattern;
  const expression = new RegExp(pattern, 'y');
  return (text, at) => {
    expression.lastIndex = at;
    return expression.test(text) ? expression.lastIndex : -1;
  };
}

function valuePattern(shape: ValueShape): Pattern | undefined {
  switch (shape.kind) {
    case 'object':
      return orNull(objectPattern(shape), shape.nonNull);
    case 'list':
      return orNull(listPattern(shape.item), shape.nonNull);
    case 'abstract':
    case 'introspection':
    case 'removed':
      return undefined;
    case 'typename':
      return `"${shape.typename}"`;
    default:
      return orNull(leafPattern(shape), shape.nonNull);
  }
}

function orNull(pattern: Pattern | undefined, nonNull: boolean): Pattern | undefined {
  if (pattern === undefined || nonNull) return pattern;
  if (typeof pattern === 'string') return `(?:${pattern}|null)`;
  return (text, at) => (text.startsWith('null', at) ? at + 4 : pattern(text, at));
}

function objectPattern({ fields }: ObjectShape): Pattern | undefined {
  const pieces: Pattern[] = [];
  let plain = '\\{';
  for (const [index, { key, value }] of fields.entries()) {
    const pattern = valuePattern(value);
    if (pattern === undefined) return undefined;
    plain += `${index === 0 ? '' : ','}"${key}":`;
    if (typeof pattern === 'string') plain += pattern;
    else {
      pieces.push(plain, pattern);
      plain = '';
    }
  }
  plain += '\\}';
  if (pieces.length === 0) return plain;
  return inSequence([...pieces, plain].map(toMatcher));
}

function inSequence(matchers: readonly Matcher[]): Matcher {
  return (text, at) => {
    let end = at;
    for (const match of matchers) {
      end = match(text, end);
      if (end < 0) return -1;
    }
    return end;
  };
}

function listPattern(item: ValueShape): Pattern | undefined {
  const pattern = valuePattern(item);
  if (pattern === undefined) return undefined;
  const match = toMatcher(pattern);
  return (text, at) => {
    if (text[at] !== '[') return -1;
    if (text[at + 1] === ']') return at + 2;
    let end = at;
    do {
      end = match(text, end + 1);
      if (end < 0) return -1;
    } while (text[end] === ',');
    return text[end] === ']' ? end + 1 : -1;
  };
}

/**
 * A regular expression stores a backtracking position per escape: without a limit, text full of escapes exhausts its
 * stack.
 */
const escapesMax = 1_000;

/** Anything that JSON can write in several ways, or that needs a check, is left to the normal path. */
const patterns = {
  string:
    '"[^"\\\\\\u0000-\\u001f]*' +
    `(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\\\\u0000-\\u001f]*){0,${escapesMax}}"`,
  int: '-?(?:0|[1-9]\\d{0,8})',
  float: '-?(?:0|[1-9]\\d{0,14})(?:\\.\\d{1,15})?',
  boolean: '(?:true|false)',
} as const;

function leafPattern({ kind, enumValues }: LeafShape): string {
  switch (kind) {
    case 'string':
    case 'id':
      return patterns.string;
    case 'int':
    case 'float':
    case 'boolean':
      return patterns[kind];
    case 'enum':
      return `"(?:${[...(enumValues ?? [])].join('|')})"`;
    case 'any':
      return `(?:${patterns.string}|${patterns.float}|${patterns.boolean})`;
  }
}
