import type { SubgraphOperation } from './plan.ts';
import type { ClientVariables } from './variables.ts';

/**
 * Compiles the body of a subgraph request: text that does not depend on the request is written only once. `own` holds
 * the JSON text of the gateway's own variables, in the order of `ownNames`.
 */
export type BodyWriter = (variables: ClientVariables, own: readonly string[]) => string;

export function compileBody(
  { operation, operationName, variables }: SubgraphOperation,
  ownNames: readonly string[],
): BodyWriter {
  const name =
    operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  const head = `{"query":${JSON.stringify(operation)}${name}`;
  const used = variables.filter((variable) => !ownNames.includes(variable));
  if (used.length === 0 && ownNames.length === 0) return always(`${head}}`);

  const ownKeys = ownNames.map((own) => `${JSON.stringify(own)}:`);
  const clientKeys = used.map((name) => ({ key: `${JSON.stringify(name)}:`, name }));
  return (client, own) => {
    let text = `${head},"variables":{`;
    let separator = '';
    for (const [index, key] of ownKeys.entries()) {
      text += separator + key + (own[index] ?? 'null');
      separator = ',';
    }
    for (const { key, name: variable } of clientKeys) {
      const value = client.textOf(variable);
      if (value === undefined) continue;
      text += separator + key + value;
      separator = ',';
    }
    return `${text}}}`;
  };
}

function always(text: string): BodyWriter {
  return () => text;
}
