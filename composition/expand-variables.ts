/** A string of supergraph.yaml whose variable has no value, and its path in the document. */
export interface UnsetVariable {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** `${env.NAME}`, or `${env.NAME:-value}`; the value may be empty. */
const variable = /\$\{([^}:]*)(?::-([^}]*))?\}/g;

/**
 * Expands environment variables in every string of a parsed document, as rover does: `${env.NAME}`, and
 * `${env.NAME:-value}` for a variable that is unset or empty. Keys and any other `$` are left alone.
 */
export function expandVariables(
  document: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly document: unknown; readonly unset: readonly UnsetVariable[] } {
  const unset: UnsetVariable[] = [];
  const expand = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(variable, (text, key: string, otherwise: string | undefined) => {
        const name = /^env\.(\w+)$/.exec(key)?.[1];
        if (name === undefined) {
          if (!/^(env|file)\b/.test(key)) return text;
          unset.push({ path, message: `${text} is not known here: expected \${env.NAME}` });
          return text;
        }
        const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
        if (otherwise !== undefined) return found === undefined || found === '' ? otherwise : found;
        if (found !== undefined) return found;
        unset.push({ path, message: `the environment variable ${name} is not set` });
        return text;
      });
    }
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, expand(member, [...path, key])]),
    );
  };
  return { document: expand(document, []), unset };
}
