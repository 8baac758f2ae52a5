import {
  type ExecutionResult,
  execute,
  getNullableType,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
  OperationTypeNode,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import { between, chance } from './chance.ts';
import { madeUpScalar } from './made-up-scalar.ts';

/** A GraphQL over HTTP request. */
export interface MockRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The most objects in one answer. */
const objectsMax = 10_000;

/** The most tokens in a document. */
const tokensMax = 20_000;

const listLength = 3;
const listLengthMax = 50;

/** The number of ids per type; few, so that the same object appears at several places. */
const idsOfType = 20;

/**
 * Answers an operation on a schema with made-up data. The same seed gives the same data, and an object with an `id` has the
 * same data wherever it appears. An answer without `data` means that the request was not executed.
 */
export async function madeUpAnswer(
  schema: GraphQLSchema,
  { query, operationName, variables }: MockRequest,
  seed: string,
): Promise<ExecutionResult> {
  let document;
  try {
    document = parse(query, { maxTokens: tokensMax });
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    if (error instanceof RangeError)
      return { errors: [new GraphQLError('It is nested too deep.')] };
    throw error;
  }
  const { operation } = getOperationAST(document, operationName) ?? {};
  if (operation === OperationTypeNode.SUBSCRIPTION) {
    return { errors: [new GraphQLError('Subscriptions are not made up.')] };
  }
  return execute({
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: { seed, objects: 0 } satisfies MockContext,
    fieldResolver: madeUpField,
    typeResolver: (value) => (value as MockObject).type.name,
  });
}

interface MockContext {
  readonly seed: string;
  objects: number;
}

/** An object, identified by its type and a key text. */
interface MockObject {
  readonly type: GraphQLObjectType;
  readonly key: string;
  /** The length of its lists: the `first` argument of a connection. */
  readonly size: number | undefined;
}

const madeUpField: GraphQLFieldResolver<
  MockObject | undefined,
  MockContext,
  Readonly<Record<string, unknown>>
> = (source, args, context, info) => {
  const { fieldName, parentType, returnType } = info;
  const key = source?.key ?? '';
  if (fieldName === 'id' && source && hasId(parentType)) return key;
  const given = Object.keys(args).length > 0 ? JSON.stringify(args) : '';
  const draw = [context.seed, parentType.name, key, fieldName, given].join('/');
  return new Value(args, context, info, source?.size).of(returnType, draw);
};

/** The value of one field. */
class Value {
  private readonly args: Readonly<Record<string, unknown>>;
  private readonly context: MockContext;
  private readonly info: GraphQLResolveInfo;
  private readonly size: number | undefined;

  constructor(
    args: Readonly<Record<string, unknown>>,
    context: MockContext,
    info: GraphQLResolveInfo,
    size: number | undefined,
  ) {
    this.args = args;
    this.context = context;
    this.info = info;
    this.size = size;
  }

  of(outputType: GraphQLOutputType, draw: string, index = 0): unknown {
    const type = getNullableType(outputType);
    const { fieldName, parentType, schema } = this.info;
    if (isListType(type)) {
      return Array.from({ length: this.length() }, (_, at) => this.of(type.ofType, draw, at));
    }
    if (isObjectType(type)) return this.object(type, draw, index);
    if (isAbstractType(type)) {
      const possible = schema.getPossibleTypes(type);
      const object = possible[chance(`${draw}/${index}/type`) % possible.length];
      return object && this.object(object, draw, index);
    }
    const own = `${draw}/${index}`;
    if (isEnumType(type)) {
      const values = type.getValues();
      return values[chance(own) % values.length]?.name;
    }
    return madeUpScalar(type.name, { typeName: parentType.name, fieldName, draw: own });
  }

  private object(type: GraphQLObjectType, draw: string, index: number): MockObject | null {
    if (/^error$/i.test(this.info.fieldName)) return null;
    this.context.objects += 1;
    if (this.context.objects > objectsMax) {
      throw new GraphQLError(`The answer would have over ${objectsMax} objects.`);
    }
    return { type, key: this.keyOf(type, draw, index), size: this.wantedLength() };
  }

  private keyOf(type: GraphQLObjectType, draw: string, index: number): string {
    if (!hasId(type)) return `${draw}/${index}`;
    const { id } = this.args;
    if (typeof id === 'string') return id;
    return String(((between(0, idsOfType - 1, draw) + index) % Math.max(idsOfType, index + 1)) + 1);
  }

  private length(): number {
    // `userErrors` is also a list, but usually empty.
    if (/errors$/i.test(this.info.fieldName)) return 0;
    return this.wantedLength() ?? this.size ?? listLength;
  }

  private wantedLength(): number | undefined {
    const wanted = [this.args.first, this.args.last, this.args.limit].find(
      (each): each is number => typeof each === 'number',
    );
    return wanted === undefined ? undefined : Math.min(Math.max(wanted, 0), listLengthMax);
  }
}

function hasId(type: GraphQLObjectType): boolean {
  return Object.hasOwn(type.getFields(), 'id');
}
