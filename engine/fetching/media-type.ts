/** The longest header about content that is read; reading must be bounded for every reader. */
export const contentHeaderMaxLength = 256;

/**
 * The kind of GraphQL response that a content type announces (GraphQL over HTTP §6.4). `graphql` promises a GraphQL
 * response whatever the status, `json` is any JSON. `undefined` when it is not JSON in UTF-8, or not a media type (RFC
 * 9110 §8.3.1).
 */
export function readGraphQLType(contentType: string): 'graphql' | 'json' | undefined {
  const known = remembered.get(contentType);
  if (known) return known;
  const kind = contentType.length > contentHeaderMaxLength ? undefined : kindOf(contentType);
  if (kind && remembered.size < rememberedMax) remembered.set(contentType, kind);
  return kind;
}

const remembered = new Map<string, 'graphql' | 'json'>();
const rememberedMax = 100;

const token = "[-!#$%&'*+.^_`|~\\dA-Za-z]+";
const essencePattern = new RegExp(`^${token}/${token}`);
const parameterPattern = new RegExp(
  `[ \\t]*;[ \\t]*(?:(${token})=(?:(${token})|"((?:[^"\\\\]|\\\\.)*)"))?`,
  'y',
);

/**
 * JSON has no charset parameter; when a server sends one anyway, it must mean UTF-8 or a subset of it (RFC 8259 §8.1).
 */
const charsets: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

function kindOf(contentType: string): 'graphql' | 'json' | undefined {
  const text = contentType.trim();
  const [essence = ''] = essencePattern.exec(text) ?? [];
  parameterPattern.lastIndex = essence.length;
  while (parameterPattern.lastIndex < text.length) {
    const parameter = parameterPattern.exec(text);
    if (!parameter) return undefined;
    const [, name, plain, quoted = ''] = parameter;
    const value = plain ?? quoted.replaceAll(/\\(.)/g, '$1');
    if (name?.toLowerCase() === 'charset' && !charsets.has(value.toLowerCase())) return undefined;
  }
  switch (essence.toLowerCase()) {
    case 'application/json':
      return 'json';
    case 'application/graphql-response+json':
      return 'graphql';
    default:
      return undefined;
  }
}
