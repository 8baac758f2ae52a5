/** A field of a drafted type. */
export interface DraftField {
  readonly args: string;
  readonly type: string;
  readonly directives: Set<string>;
}

/** A type as one subgraph will define it. */
export interface DraftType {
  readonly keyword: 'type' | 'interface' | 'union' | 'enum' | 'input' | 'scalar';
  readonly directives: Set<string>;
  readonly interfaces: Set<string>;
  readonly fields: Map<string, DraftField>;
  /** Members of a union, values of an enum. */
  readonly members: Set<string>;
}

/** The schema of one subgraph while it is made up. */
export class SubgraphDraft {
  readonly name: string;
  readonly types = new Map<string, DraftType>();

  constructor(name: string) {
    this.name = name;
  }

  /** The type of that name, a new one the first time. */
  define(name: string, keyword: DraftType['keyword'] = 'type'): DraftType {
    let type = this.types.get(name);
    if (!type) {
      type = {
        keyword,
        directives: new Set(),
        interfaces: new Set(),
        fields: new Map(),
        members: new Set(),
      };
      this.types.set(name, type);
    }
    return type;
  }

  /** Adds a field, or directives to the field that is there. */
  addField(
    typename: string,
    name: string,
    { type, args = '', directives = [] }: { type: string; args?: string; directives?: string[] },
  ): void {
    const { fields } = this.define(typename);
    const known = fields.get(name);
    if (known) for (const directive of directives) known.directives.add(directive);
    else fields.set(name, { type, args, directives: new Set(directives) });
  }

  print(): string {
    return [...this.types].map(([name, type]) => printType(name, type)).join('\n');
  }
}

function printType(name: string, type: DraftType): string {
  const { keyword, directives, interfaces, fields, members } = type;
  const heads = [keyword, name];
  if (interfaces.size > 0) heads.push(`implements ${[...interfaces].join(' & ')}`);
  heads.push(...directives);
  if (keyword === 'union') heads.push(`= ${[...members].join(' | ')}`);
  if (keyword === 'enum') heads.push(`{ ${[...members].join(' ')} }`);
  const head = heads.join(' ');
  if (fields.size === 0) return head;
  const lines = [...fields].map(([field, { args, type: of, directives: own }]) =>
    [`  ${field}${args}: ${of}`, ...own].join(' '),
  );
  return `${head} {\n${lines.join('\n')}\n}`;
}
