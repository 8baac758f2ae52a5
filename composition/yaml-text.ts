import { type Document, LineCounter, parseDocument } from 'yaml';
import type { CompositionProblem, SourcePlace } from './problem.ts';

/** A YAML document that knows the place of each value. */
export interface YamlText {
  readonly values: unknown;
  /** The place of the value at a path, or of its nearest existing ancestor. */
  placeOf(path: readonly PropertyKey[]): SourcePlace;
}

/** Parses a YAML file, or returns the place of the mistake. */
export function parseYaml(
  text: string,
  file: string,
): YamlText | { readonly problems: readonly CompositionProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const placeAt = (offset: number): SourcePlace => {
    const { line, col } = lines.linePos(offset);
    const [start = 0, end] = lines.lineStarts.slice(line - 1);
    const lineText = text.slice(start, end).trimEnd();
    return { file, line, column: col, lineText };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      code: 'CONFIG_MALFORMED',
      message: `Not a YAML document: ${error.message}`,
      places: [placeAt(error.pos[0])],
      fix: 'Correct the YAML; indentation is by spaces, and a key stands once.',
    }));
    return { problems };
  }
  return {
    values: document.toJS(),
    placeOf: (path) => placeAt(offsetOf(path, document) ?? 0),
  };
}

function offsetOf(path: readonly PropertyKey[], document: Document.Parsed): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = rangeOf(node);
    if (range) return range[0];
  }
  return undefined;
}

function rangeOf(node: unknown): readonly number[] | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) ? node.range : undefined;
}
