/** The spellings of a subgraph's name. */
export interface SubgraphNames {
  /** As in supergraph.yaml: `gift-cards`. */
  readonly name: string;
  /** As a value in code: `giftCards`. */
  readonly camel: string;
  /** As a type: `GiftCards`. */
  readonly Pascal: string;
  /** As part of a variable's name: `GIFT_CARDS`. */
  readonly upper: string;
}

/** The spellings of a name in kebab case, at most 40 characters; `undefined` for another or a reserved one. */
export function readNames(name: string): SubgraphNames | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) || name.length > 40) return undefined;
  if (reserved.has(name)) return undefined;
  const Pascal = name.split('-').map(capitalised).join('');
  const camel = Pascal.charAt(0).toLowerCase() + Pascal.slice(1);
  return { name, camel, Pascal, upper: name.toUpperCase().replaceAll('-', '_') };
}

// Folders and services beside the subgraphs, and words that cannot name a constant.
const reserved: ReadonlySet<string> = new Set([
  ...['kit', 'gateway', 'postgres', 'redis', 'access', 'seed', 'resolvers'],
  ...['await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default'],
  ...['delete', 'do', 'else', 'enum', 'export', 'extends', 'false', 'finally', 'for', 'function'],
  ...[
    'if',
    'implements',
    'import',
    'in',
    'instanceof',
    'interface',
    'let',
    'new',
    'null',
    'package',
  ],
  ...['private', 'protected', 'public', 'return', 'static', 'super', 'switch', 'this', 'throw'],
  ...['true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield'],
]);

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
