import { readFileSync, writeFileSync } from 'node:fs';

/** A section of a document that a program makes. */
export interface Section {
  /** What comes after `npm run bench --`; it names the marks around the section. */
  readonly maker: string;
  /** Its heading, where the document does not have the section yet. */
  readonly heading: string;
}

const end = '<!-- end of the table -->';

/** Writes a section into a document, in place of what was between its marks, or at the end. */
export function writeSection(document: URL, { maker, heading }: Section, content: string): void {
  const begin = `<!-- npm run bench -- ${maker} -->`;
  const text = readFileSync(document, 'utf8');
  const section = `${begin}\n<!-- prettier-ignore-start -->\n\n${content}\n\n<!-- prettier-ignore-end -->\n${end}`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  const written =
    from < 0 || to < from
      ? `${text.trimEnd()}\n\n## ${heading}\n\n${section}\n`
      : text.slice(0, from) + section + text.slice(to + end.length);
  writeFileSync(document, written);
}
