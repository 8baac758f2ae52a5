/** A schema that can be changed piece by piece. Types of fields are texts, such as `[Int!]`. */
export interface SchemaModel {
  readonly types: TypeModel[];
  readonly directives: DirectiveModel[];
  hasMutation: boolean;
  hasSubscription: boolean;
}

/** A type of any kind; what its kind does not have is empty. */
export interface TypeModel {
  name: string;
  kind: 'type' | 'interface' | 'union' | 'enum' | 'input' | 'scalar';
  fields: FieldModel[];
  interfaces: string[];
  /** Of a union, or of an enum. */
  members: string[];
  /** Of an input type: it takes exactly one of its fields. */
  isOneOf: boolean;
}

/** A field, with the default of an input field. */
export interface FieldModel extends ValueModel {
  args: ValueModel[];
}

/** An argument or input field. */
export interface ValueModel {
  name: string;
  type: string;
  /** As it is written in the schema. */
  defaultValue?: string | undefined;
}

/** A directive for operations. */
export interface DirectiveModel {
  name: string;
  args: ValueModel[];
  locations: string[];
  isRepeatable: boolean;
}

/** The schema as a text. */
export function printModel({
  types,
  directives,
  hasMutation,
  hasSubscription,
}: SchemaModel): string {
  return [
    `schema { query: Query ${hasMutation ? 'mutation: Mutation' : ''} ${hasSubscription ? 'subscription: Subscription' : ''} }`,
    ...directives.map(
      ({ name, args, locations, isRepeatable }) =>
        `directive @${name}${printArgs(args)}${isRepeatable ? ' repeatable' : ''} on ${locations.join(' | ')}`,
    ),
    ...types.map(printType),
  ].join('\n');
}

function printType({ name, kind, fields, interfaces, members, isOneOf }: TypeModel): string {
  switch (kind) {
    case 'scalar':
      return `scalar ${name}`;
    case 'union':
      return `union ${name} = ${members.join(' | ')}`;
    case 'enum':
      return `enum ${name} { ${members.join(' ')} }`;
    case 'type':
    case 'interface':
    case 'input': {
      const head = interfaces.length > 0 ? ` implements ${interfaces.join(' & ')}` : '';
      const lines = fields.map(
        (field) => `  ${field.name}${printArgs(field.args)}: ${field.type}${printDefault(field)}`,
      );
      return `${kind} ${name}${head}${isOneOf ? ' @oneOf' : ''} {\n${lines.join('\n')}\n}`;
    }
  }
}

function printArgs(args: readonly ValueModel[]): string {
  if (args.length === 0) return '';
  return `(${args.map((arg) => `${arg.name}: ${arg.type}${printDefault(arg)}`).join(', ')})`;
}

function printDefault({ defaultValue }: ValueModel): string {
  return defaultValue === undefined ? '' : ` = ${defaultValue}`;
}
