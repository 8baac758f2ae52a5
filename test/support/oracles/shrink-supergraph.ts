import { type ASTNode, Kind, parse, print, visit } from 'graphql';

/** Subgraph schemas by name, without the federation link. */
type Schemas = Readonly<Record<string, string>>;

/**
 * Leaves out subgraphs, types, fields, arguments and directives for as long as the smaller supergraph still fails, or
 * until the time is over.
 */
export async function shrinkSupergraph(
  schemas: Schemas,
  fails: (smaller: Schemas) => Promise<boolean>,
  timeMs: number,
): Promise<Schemas> {
  const deadline = performance.now() + timeMs;
  let smallest = schemas;
  const tryWith = async (smaller: Schemas): Promise<boolean> => {
    if (!(await fails(smaller))) return false;
    smallest = smaller;
    return true;
  };
  for (const name of Object.keys(schemas)) {
    const { [name]: _, ...others } = smallest;
    if (performance.now() < deadline) await tryWith(others);
  }
  for (let size = 64; size >= 1; size = Math.floor(size / 2)) {
    for (const name of Object.keys(smallest)) {
      for (let at = 0; performance.now() < deadline;) {
        const smaller = without(smallest[name] ?? '', at, size);
        if (smaller === undefined) break;
        if (!(await tryWith({ ...smallest, [name]: smaller }))) at += size;
      }
    }
  }
  return smallest;
}

const removable: ReadonlySet<string> = new Set<string>([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.DIRECTIVE,
]);

/** The schema without some of its parts, from that one on; `undefined` when there are no such parts. */
function without(schema: string, first: number, count: number): string | undefined {
  let seen = -1;
  const smaller = visit(parse(schema, { noLocation: true }), {
    enter: (node: ASTNode) => {
      if (!removable.has(node.kind)) return undefined;
      seen += 1;
      return seen >= first && seen < first + count ? null : undefined;
    },
  });
  return seen >= first ? print(smaller) : undefined;
}
