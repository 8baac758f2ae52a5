import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isObjectType,
} from 'graphql';
import { AppError, StartupError } from '../../common/errors.ts';
import { isAdmin, isUser, type Viewer } from '../../common/viewer.ts';

/** The outcome of a rule: allow the field; answer null, as if there were nothing; or refuse with an error. */
export type Verdict = 'allow' | 'hide' | 'UNAUTHENTICATED' | 'FORBIDDEN';

/** Decides about a field from the viewer, the object of the field, and the field's arguments. */
export type FieldRule<TParent = never, TArgs = never> = (
  viewer: Viewer,
  parent: TParent,
  args: TArgs,
) => Verdict;

/** Whether an object exists for a viewer; a hidden one is answered as null, as if it did not exist. */
export type RowRule<TRow = never> = (viewer: Viewer, row: TRow) => boolean;

/**
 * The access rules of one subgraph, in one place. `fields` has a rule for a type (`Order`) or a field (`Order.total`);
 * the field's rule takes precedence. A field without a rule is an error at startup: nothing is public by accident.
 * `rows` says which objects of a type exist for a viewer, wherever they come from: a query, a list or a reference.
 */
export interface AccessTable {
  readonly fields: Readonly<Record<string, FieldRule>>;
  readonly rows?: Readonly<Record<string, RowRule>>;
}

/** Anybody, authenticated or not. */
export const everyone: FieldRule = () => 'allow';

/** Any authenticated viewer; others are asked to log in. */
export const members: FieldRule = (viewer) =>
  viewer.kind === 'user' ? 'allow' : 'UNAUTHENTICATED';

/** Admins; others are told that they may not, or asked to log in. */
export const admins: FieldRule = (viewer) => {
  if (isAdmin(viewer)) return 'allow';
  return viewer.kind === 'user' ? 'FORBIDDEN' : 'UNAUTHENTICATED';
};

/** The user who owns the object, and admins; for others the field is null. */
export function ownerAndAdmins<TParent>(
  ownerIdOf: (parent: TParent) => string,
): FieldRule<TParent> {
  return (viewer, parent) =>
    isAdmin(viewer) || isUser(viewer, ownerIdOf(parent)) ? 'allow' : 'hide';
}

/** The row rule for `ownerAndAdmins`: the object exists for its owner and for admins. */
export function ownedBy<TRow>(ownerIdOf: (row: TRow) => string): RowRule<TRow> {
  return (viewer, row) => isAdmin(viewer) || isUser(viewer, ownerIdOf(row));
}

interface ViewerContext {
  readonly viewer: Viewer;
}

type Resolver = GraphQLFieldResolver<unknown, ViewerContext>;

/**
 * Wraps every resolver of an executable schema with the rules of the table, in place. Throws StartupError
 * SCHEMA_INVALID when a field has no rule or a rule has no field.
 */
export function enforceAccess(subgraph: string, schema: GraphQLSchema, table: AccessTable): void {
  const fields = new Map(Object.entries(table.fields));
  const rows = new Map(Object.entries(table.rows ?? {}));
  const used = new Set<string>();
  const missing: string[] = [];

  for (const type of objectTypesOf(schema)) {
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      const coordinate = `${type.name}.${field.name}`;
      const key = fields.has(coordinate) ? coordinate : type.name;
      const rule = fields.get(key);
      used.add(key).add(type.name);
      if (!rule) {
        missing.push(coordinate);
        continue;
      }
      const named = getNamedType(field.type);
      const row = rows.get(named.name);
      const resolve = (field.resolve ?? defaultFieldResolver) as Resolver;
      const visible = row ? withRows(resolve, () => row, hasList(field.type)) : resolve;
      field.resolve = rule === everyone ? visible : withRule(visible, rule, coordinate);
      // Of a subscription: before its events are opened, and again for each of them.
      if (field.subscribe && rule !== everyone) {
        field.subscribe = withRule(field.subscribe as Resolver, rule, coordinate);
      }
    }
  }

  guardEntities(schema, rows);
  const unknown = [...fields.keys(), ...rows.keys()].filter((key) => !used.has(key));
  if (missing.length > 0 || unknown.length > 0) throw incomplete(subgraph, missing, unknown);
}

function objectTypesOf(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('_'));
}

function withRule(resolve: Resolver, rule: FieldRule, coordinate: string): Resolver {
  return (parent, args, context, info) => {
    const verdict = rule(context.viewer, parent as never, args as never);
    switch (verdict) {
      case 'allow':
        return resolve(parent, args, context, info);
      case 'hide':
        return null;
      case 'UNAUTHENTICATED':
        throw new AppError(verdict, `Log in to use "${coordinate}".`);
      case 'FORBIDDEN':
        throw new AppError(verdict, `You may not use "${coordinate}".`);
    }
  };
}

/** Removes objects that the viewer may not see from a resolver's result: null for one object, omitted from a list. */
function withRows(
  resolve: Resolver,
  ruleOf: (row: unknown) => RowRule | undefined,
  list: boolean,
): Resolver {
  return async (parent, args, context, info) => {
    const isVisible = (row: unknown): boolean => {
      if (row === null || row === undefined) return true;
      const rule = ruleOf(row);
      return rule === undefined || rule(context.viewer, row as never);
    };
    const result: unknown = await resolve(parent, args, context, info);
    if (!list || !Array.isArray(result)) return isVisible(result) ? result : null;
    return (await Promise.all(result as unknown[])).filter(isVisible);
  };
}

/** References resolve through `_entities`, whose list must keep its length: hidden ones become null in place. */
function guardEntities(schema: GraphQLSchema, rows: ReadonlyMap<string, RowRule>): void {
  const entities = schema.getQueryType()?.getFields()._entities;
  if (!entities?.resolve || rows.size === 0) return;
  const resolve = entities.resolve as Resolver;
  const one = withRows(
    (entity) => entity,
    (row) => rows.get(typenameOf(row)),
    false,
  );
  entities.resolve = async (parent, args: unknown, context: ViewerContext, info) => {
    const results = (await resolve(parent, args, context, info)) as readonly unknown[];
    return results.map((entity) => one(entity, {}, context, info));
  };
}

function typenameOf(row: unknown): string {
  const { __typename: name } = row as { readonly __typename?: unknown };
  return typeof name === 'string' ? name : '';
}

function hasList(type: unknown): boolean {
  const { ofType } = type as { readonly ofType?: unknown };
  return isListType(type) || (ofType !== undefined && hasList(ofType));
}

function incomplete(
  subgraph: string,
  missing: readonly string[],
  unknown: readonly string[],
): StartupError {
  const complaints = [
    missing.length > 0 ? `no rule for ${missing.join(', ')}` : '',
    unknown.length > 0 ? `a rule for ${unknown.join(', ')}, which the schema does not have` : '',
  ];
  return new StartupError(
    'SCHEMA_INVALID',
    `The access table of "${subgraph}" does not match its schema: ${complaints.filter(Boolean).join('; ')}.`,
    `Correct subgraphs/${subgraph}/access.ts.`,
  );
}
