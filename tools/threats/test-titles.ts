import ts from 'typescript';
import { threatNumbers } from './threat-numbers.ts';

/**
 * The titles of a test file, in order: of `it`, `test` and whatever begins with `describe`, as far as they stand in the
 * source. A title with a table has a title for each text of the table that names a threat, with the text in it. What is
 * skipped has none.
 */
export function testTitles(source: string): readonly string[] {
  const file = ts.createSourceFile('any.test.ts', source, ts.ScriptTarget.Latest);
  const constants = constantsOf(file);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) titles.push(...titlesOf(node, constants));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

type Constants = ReadonlyMap<string, ts.Expression>;

/** The constants of a file by name, wherever they stand; of several of one name, the last. */
function constantsOf(file: ts.SourceFile): Constants {
  const constants = new Map<string, ts.Expression>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      constants.set(node.name.text, node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return constants;
}

function titlesOf(
  { expression: callee, arguments: [first] }: ts.CallExpression,
  constants: Constants,
): readonly string[] {
  const title = first && textOf(first);
  if (title === undefined || !isTest(callee)) return [];
  const [table] = ts.isCallExpression(callee) ? callee.arguments : [];
  const texts = table ? threatsIn(table, constants) : [];
  return texts.length === 0 ? [title] : texts.map((text) => title.replace('%s', () => text));
}

/** `it(…)`, `it.each(table)(…)`, `describe.each(table)(…)`, `describeOnEachDatabase(…)`. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isCallExpression(callee)) return isTest(callee.expression);
  if (ts.isPropertyAccessExpression(callee)) {
    return !['skip', 'todo'].includes(callee.name.text) && isTest(callee.expression);
  }
  return ts.isIdentifier(callee) && /^(it|test|describe)([A-Z]|$)/.test(callee.text);
}

/** The texts of a table that name a threat, those of constants in it as well. */
function threatsIn(table: ts.Expression, constants: Constants): readonly string[] {
  const texts: string[] = [];
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const constant = ts.isIdentifier(node) ? constants.get(node.text) : undefined;
    const text = textOf(node);
    if (text !== undefined && threatNumbers(text).length > 0) texts.push(text);
    else if (constant) visit(constant);
    else ts.forEachChild(node, visit);
  };
  visit(table);
  return texts;
}

/** A text as far as it stands in the source. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}
