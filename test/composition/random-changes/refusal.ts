import {
  type DocumentNode,
  getArgumentValues,
  getDirectiveValues,
  getVariableValues,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { messageOf } from '../../../common/errors.ts';

/** Why a schema refuses an operation with these variables, before or while it is executed; `undefined` when it does not. */
export function refusalOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  const [invalid] = validate(schema, document, undefined, { maxErrors: 1 });
  if (invalid) return invalid.message;
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation.');
  const { errors, coerced } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variables,
  );
  if (errors) return errors[0]?.message;
  const info = new TypeInfo(schema);
  let refusal: string | undefined;
  const attempt = (coerce: () => unknown): void => {
    try {
      coerce();
    } catch (error) {
      refusal ??= messageOf(error);
    }
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: (node) => {
        const field = info.getFieldDef();
        if (field) attempt(() => getArgumentValues(field, node, coerced));
      },
      enter: (node) => {
        if (!('directives' in node)) return;
        for (const directive of schema.getDirectives())
          attempt(() => getDirectiveValues(directive, node, coerced));
      },
    }),
  );
  return refusal;
}
