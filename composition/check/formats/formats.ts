import type { Format } from './format.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { pretty } from './pretty.ts';
import { sarif } from './sarif.ts';

/** The formats by their `--format` names; the default is first. */
export const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['pretty', pretty],
  ['json', json],
  ['sarif', sarif],
  ['junit', junit],
  ['github', github],
  ['markdown', markdown],
]);
