// Made of ../schema.graphql by `npm run codegen`. Do not edit.
// inputs: sha256-8dec763092525246bb82ed9f833e56a36a44add748b657a38c1ed55b63d9be7e
// body: sha256-45628d6fbc8d3526735ee937545482e16c92e6f4869ae4e04c36cb3646542df9

import type { Connection } from '../../kit/connection.ts';
import type { Money as MoneySource } from '../../kit/money.ts';
import type { Order as OrderSource } from '../domain/order.ts';
import type { OrderItem as OrderItemSource } from '../domain/order.ts';
import type { OrdersContext } from '../context.ts';

import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string };
  String: { input: string; output: string };
  Boolean: { input: boolean; output: boolean };
  Int: { input: number; output: number };
  Float: { input: number; output: number };
  /** A point in time: RFC 3339 text in UTC with milliseconds, such as `2026-11-23T08:00:00.000Z`. */
  DateTime: { input: Date; output: Date };
  _FieldSet: { input: string; output: string };
};

/** What can be asked. */
export type Query = {
  /** One order by its id. A customer finds their own, an admin any; what the viewer may not see is null, as if it did not exist. */
  readonly order?: Maybe<Order>;
  /** All orders, newest first. For admins. */
  readonly orders?: Maybe<OrderConnection>;
};

/** What can be asked. */
export type QueryOrderArgs = {
  id: Scalars['ID']['input'];
};

/** What can be asked. */
export type QueryOrdersArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<OrderStatus>;
};

/** What somebody bought. */
export type Order = {
  /** The order's id; it never changes. */
  readonly id: Scalars['ID']['output'];
  /** Who bought; null when the account is gone or its service does not answer. */
  readonly user?: Maybe<User>;
  /** How far the order is. */
  readonly status: OrderStatus;
  /** What was bought, at most 100 lines, in the order they were added. */
  readonly items: ReadonlyArray<OrderItem>;
  /** The sum of the items, without shipping, at the prices of the day of the order. */
  readonly total: Money;
  /** When it was placed. */
  readonly placedAt: Scalars['DateTime']['output'];
};

/** How far an order is. */
export type OrderStatus =
  /** Placed, its pieces are held back; not yet paid. */
  | 'PENDING'
  /** Paid. */
  | 'PAID'
  /** On its way. */
  | 'SHIPPED'
  /** With the customer. */
  | 'DELIVERED'
  /** Called off; its pieces are free again. */
  | 'CANCELLED';

/** A line of an order. */
export type OrderItem = {
  /** What was bought; null when its service does not answer. The line keeps the sku, so that reading it asks no other service. */
  readonly product?: Maybe<Product>;
  /** How many pieces, at least 1. */
  readonly quantity: Scalars['Int']['output'];
  /** The price of one piece on the day of the order. */
  readonly unitPrice: Money;
  /** The price of all pieces of the line. */
  readonly subtotal: Money;
};

/** An amount of money. */
export type Money = {
  /** The amount as a decimal text with the currency's decimals, such as `999.99`. */
  readonly amount: Scalars['String']['output'];
  /** The currency's ISO 4217 code, such as `USD`. */
  readonly currencyCode: Scalars['String']['output'];
};

/** A person with an account. */
export type User = {
  /** The account's id. */
  readonly id: Scalars['ID']['output'];
  /** The person's orders, newest first. Only the person and admins see them; for others null. */
  readonly orders?: Maybe<OrderConnection>;
};

/** A person with an account. */
export type UserOrdersArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

/** Something the shop sells. */
export type Product = {
  /** The product's id. */
  readonly id: Scalars['ID']['output'];
  /** The stock keeping unit, by which warehouses know it; it never changes. */
  readonly sku: Scalars['String']['output'];
  /** Its weight in grams with its packing. */
  readonly weightGrams: Scalars['Int']['output'];
  /** How it must be handled on its way. */
  readonly handling: Handling;
  /** What shipping one piece costs. */
  readonly shippingCost?: Maybe<Money>;
};

/** How a product must be handled on its way to the customer. */
export type Handling =
  /** As any parcel. */
  | 'STANDARD'
  /** Breaks: packed by hand, at a surcharge. */
  | 'FRAGILE'
  /** Too large for the sorting machines, at a surcharge. */
  | 'BULKY';

/** A page of orders (Relay cursor connections). */
export type OrderConnection = {
  /** The orders of the page, each with its cursor. */
  readonly edges: ReadonlyArray<OrderEdge>;
  /** The orders of the page. */
  readonly nodes: ReadonlyArray<Order>;
  /** Where the page stands in the whole. */
  readonly pageInfo: PageInfo;
};

/** An order in a page. */
export type OrderEdge = {
  /** The position of the order; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The order. */
  readonly node: Order;
};

/** Where a page stands in the whole (Relay cursor connections). */
export type PageInfo = {
  /** Whether there is more after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there is more before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first entry; null for an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  /** The cursor of the last entry; null for an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
  reference: TReference,
  context: TContext,
  info: GraphQLResolveInfo,
) => Promise<TResult> | TResult;

type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
type NullableCheck<T, S> =
  Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<
  TResult,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> =
  | ResolverFn<TResult, TParent, TContext, TArgs>
  | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<
  TResult,
  TKey extends string,
  TParent,
  TContext,
  TArgs,
> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<
  TResult,
  TKey extends string,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<
  TTypes,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo,
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<
  T = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<
  TResult = Record<PropertyKey, never>,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Order: Order;
  User: User;
  Product: Product;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order: { __typename: 'Order' } & GraphQLRecursivePick<FederationTypes['Order'], { id: true }>;
  User: { __typename: 'User' } & GraphQLRecursivePick<FederationTypes['User'], { id: true }>;
  Product: { __typename: 'Product' } & GraphQLRecursivePick<
    FederationTypes['Product'],
    { id: true }
  > &
    (
      | Record<PropertyKey, never>
      | GraphQLRecursivePick<FederationTypes['Product'], { weightGrams: true; handling: true }>
    );
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Order: ResolverTypeWrapper<OrderSource>;
  OrderStatus: OrderStatus;
  OrderItem: ResolverTypeWrapper<OrderItemSource>;
  Money: ResolverTypeWrapper<MoneySource>;
  User: ResolverTypeWrapper<{ readonly __typename?: 'User'; readonly id: string }>;
  Product: ResolverTypeWrapper<{
    readonly __typename?: 'Product';
    readonly id: string;
    readonly sku?: string;
    readonly weightGrams?: number;
    readonly handling?: Handling;
  }>;
  Handling: Handling;
  OrderConnection: ResolverTypeWrapper<Connection<OrderSource>>;
  OrderEdge: ResolverTypeWrapper<Omit<OrderEdge, 'node'> & { node: ResolversTypes['Order'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Order: OrderSource;
  OrderItem: OrderItemSource;
  Money: MoneySource;
  User: { readonly __typename?: 'User'; readonly id: string };
  Product: {
    readonly __typename?: 'Product';
    readonly id: string;
    readonly sku?: string;
    readonly weightGrams?: number;
    readonly handling?: Handling;
  };
  OrderConnection: Connection<OrderSource>;
  OrderEdge: Omit<OrderEdge, 'node'> & { node: ResolversParentTypes['Order'] };
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['DateTime'],
  any
> {
  name: 'DateTime';
}

export type QueryResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query'],
> = {
  order: Resolver<
    Maybe<ResolversTypes['Order']>,
    ParentType,
    ContextType,
    RequireFields<QueryOrderArgs, 'id'>
  >;
  orders: Resolver<
    Maybe<ResolversTypes['OrderConnection']>,
    ParentType,
    ContextType,
    RequireFields<QueryOrdersArgs, 'first'>
  >;
};

export type OrderResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'],
  FederationReferenceType extends FederationReferenceTypes['Order'] =
    FederationReferenceTypes['Order'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['Order']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  items?: Resolver<ReadonlyArray<ResolversTypes['OrderItem']>, ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  placedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type OrderItemResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['OrderItem'] = ResolversParentTypes['OrderItem'],
> = {
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  subtotal?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type MoneyResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money'],
> = {
  amount?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  currencyCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UserResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'],
  FederationReferenceType extends FederationReferenceTypes['User'] =
    FederationReferenceTypes['User'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['User']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  orders?: Resolver<
    Maybe<ResolversTypes['OrderConnection']>,
    ParentType,
    ContextType,
    RequireFields<UserOrdersArgs, 'first'>
  >;
};

export type ProductResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'],
  FederationReferenceType extends FederationReferenceTypes['Product'] =
    FederationReferenceTypes['Product'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['Product']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  shippingCost?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
};

export type OrderConnectionResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['OrderConnection'] =
    ResolversParentTypes['OrderConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['OrderEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Order']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OrderEdgeResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['OrderEdge'] = ResolversParentTypes['OrderEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
};

export type PageInfoResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo'],
> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = OrdersContext> = {
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  OrderItem?: OrderItemResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  OrderConnection?: OrderConnectionResolvers<ContextType>;
  OrderEdge?: OrderEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
};
