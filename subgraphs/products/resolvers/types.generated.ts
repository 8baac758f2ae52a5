// Made of ../schema.graphql by `npm run codegen`. Do not edit.
// inputs: sha256-31ec21d5c7175da0df7480f4c41993c700f7d3460e48ef4e4499b32c0774d9c4
// body: sha256-da032fb9619b93e612a4e7b209239d5da2bad82603437ea1fa9ed198db75e232

import type { Connection } from '../../kit/connection.ts';
import type { Money as MoneySource } from '../../kit/money.ts';
import type { Product as ProductSource } from '../domain/product.ts';
import type { ProductsContext } from '../context.ts';
import type { Review as ReviewSource } from '../domain/review.ts';

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
  /** One product by its id; null when there is none. Only admins find archived products. */
  readonly product?: Maybe<Product>;
  /** One product by its stock keeping unit; null when there is none. Only admins find archived products. */
  readonly productBySku?: Maybe<Product>;
  /**
   * The first 100 products, ordered by id.
   * @deprecated 2026-11-23: use `catalog`, which has pages. Will not be removed before 2027-11-23.
   */
  readonly products?: Maybe<ReadonlyArray<Product>>;
  /** The first 100 products, ordered by id, whose name contains this text, in any case. */
  readonly searchProducts?: Maybe<ReadonlyArray<Product>>;
  /** The catalogue in pages, filtered and sorted. */
  readonly catalog?: Maybe<ProductConnection>;
};

/** What can be asked. */
export type QueryProductArgs = {
  id: Scalars['ID']['input'];
};

/** What can be asked. */
export type QueryProductBySkuArgs = {
  sku: Scalars['String']['input'];
};

/** What can be asked. */
export type QuerySearchProductsArgs = {
  name: Scalars['String']['input'];
};

/** What can be asked. */
export type QueryCatalogArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<CatalogFilter>;
  sort?: CatalogSort;
};

/** What can be followed. A subscription is answered with events: over server-sent events, or a WebSocket. */
export type Subscription = {
  /**
   * A product each time its stock has changed. A slow reader gets the newest state. Only admins find archived products: for others
   * a subscription ends when its product is archived.
   */
  readonly stockChanged?: Maybe<Product>;
};

/** What can be followed. A subscription is answered with events: over server-sent events, or a WebSocket. */
export type SubscriptionStockChangedArgs = {
  productId: Scalars['ID']['input'];
  withCurrent?: Scalars['Boolean']['input'];
};

/** What can be changed. */
export type Mutation = {
  /** Adds a product to the catalogue. For admins: others get `UNAUTHENTICATED` or `FORBIDDEN`. */
  readonly createProduct?: Maybe<Product>;
  /** Changes a product; absent values are not changed. For admins. */
  readonly updateProduct?: Maybe<Product>;
  /** Removes a product from the catalogue. Existing orders keep it. For admins. */
  readonly archiveProduct?: Maybe<ArchiveProductPayload>;
  /** Adds the viewer's review of a product; a viewer may review a product once. */
  readonly addReview?: Maybe<AddReviewPayload>;
};

/** What can be changed. */
export type MutationCreateProductArgs = {
  name: Scalars['String']['input'];
  price: Scalars['Float']['input'];
  stock: Scalars['Int']['input'];
  sku?: InputMaybe<Scalars['String']['input']>;
  description?: InputMaybe<Scalars['String']['input']>;
  weightGrams?: InputMaybe<Scalars['Int']['input']>;
};

/** What can be changed. */
export type MutationUpdateProductArgs = {
  id: Scalars['ID']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  price?: InputMaybe<Scalars['Float']['input']>;
  stock?: InputMaybe<Scalars['Int']['input']>;
  description?: InputMaybe<Scalars['String']['input']>;
  weightGrams?: InputMaybe<Scalars['Int']['input']>;
};

/** What can be changed. */
export type MutationArchiveProductArgs = {
  input: ArchiveProductInput;
};

/** What can be changed. */
export type MutationAddReviewArgs = {
  input: AddReviewInput;
};

/** Something the shop sells. */
export type Product = {
  /** The product's id. */
  readonly id: Scalars['ID']['output'];
  /** The stock keeping unit, by which warehouses know it; it never changes. */
  readonly sku: Scalars['String']['output'];
  /** Its name. */
  readonly name: Scalars['String']['output'];
  /** Its description for customers; null when there is none. */
  readonly description?: Maybe<Scalars['String']['output']>;
  /** The price in the shop's currency as a number. For sums use `unitPrice`, which is exact. */
  readonly price: Scalars['Float']['output'];
  /** The exact price. */
  readonly unitPrice: Money;
  /** The quantity in stock. */
  readonly stock: Scalars['Int']['output'];
  /** Whether at least one is in stock. */
  readonly inStock: Scalars['Boolean']['output'];
  /** Its weight in grams with its packing. */
  readonly weightGrams: Scalars['Int']['output'];
  /** How it must be handled in shipping. For the services that price and plan shipping, not for clients. */
  readonly handling: Handling;
  /** What shipping one piece costs. */
  readonly shippingCost?: Maybe<Money>;
  /** When it was added to the catalogue. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When it was removed from the catalogue; null while it is in it. */
  readonly archivedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Its reviews, newest first, at most 100. */
  readonly reviews: ReadonlyArray<Review>;
  /** How many reviews it has. */
  readonly reviewCount: Scalars['Int']['output'];
  /** The average of its ratings, 1 to 5; null when it has none. */
  readonly averageRating?: Maybe<Scalars['Float']['output']>;
};

/** Something the shop sells. */
export type ProductReviewsArgs = {
  first?: Scalars['Int']['input'];
};

/** How a product must be handled on its way to the customer. */
export type Handling =
  /** As any parcel. */
  | 'STANDARD'
  /** Breaks: packed by hand, at a surcharge. */
  | 'FRAGILE'
  /** Too large for the sorting machines, at a surcharge. */
  | 'BULKY';

/** An amount of money. */
export type Money = {
  /** The amount as a decimal text with the currency's decimals, such as `999.99`. */
  readonly amount: Scalars['String']['output'];
  /** The currency's ISO 4217 code, such as `USD`. */
  readonly currencyCode: Scalars['String']['output'];
};

/** A buyer's review of a product. */
export type Review = {
  /** The review's id; it never changes. */
  readonly id: Scalars['ID']['output'];
  /** From 1 (bad) to 5 (very good). */
  readonly rating: Scalars['Int']['output'];
  /** What the buyer wrote; null when only a rating was given. */
  readonly comment?: Maybe<Scalars['String']['output']>;
  /** When it was written. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who wrote it; null when the account is gone or its service does not answer. */
  readonly user?: Maybe<User>;
  /** What it is about. */
  readonly product: Product;
};

/** A person with an account. */
export type User = {
  /** The account's id. */
  readonly id: Scalars['ID']['output'];
  /** The reviews that the user has written, newest first. */
  readonly reviews?: Maybe<ReviewConnection>;
};

/** A person with an account. */
export type UserReviewsArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

/** Which products of the catalogue. All conditions must hold. */
export type CatalogFilter = {
  /** A text that the name contains, in any case, 1 to 100 characters. */
  readonly search?: InputMaybe<Scalars['String']['input']>;
  /** The lowest price in the shop's currency. */
  readonly minPrice?: InputMaybe<Scalars['Float']['input']>;
  /** The highest price in the shop's currency. */
  readonly maxPrice?: InputMaybe<Scalars['Float']['input']>;
  /** Only products that are in stock, or only those that are not. */
  readonly inStock?: InputMaybe<Scalars['Boolean']['input']>;
};

/** The sort order of the catalogue. Equal products are ordered by id. */
export type CatalogSort =
  /** By name, A to Z. */
  | 'NAME_ASC'
  /** By price, lowest first. */
  | 'PRICE_ASC'
  /** By price, highest first. */
  | 'PRICE_DESC'
  /** By the time they were added to the catalogue, newest first. */
  | 'NEWEST';

/** A page of products (Relay cursor connections). */
export type ProductConnection = {
  /** The products of the page, each with its cursor. */
  readonly edges: ReadonlyArray<ProductEdge>;
  /** The products of the page. */
  readonly nodes: ReadonlyArray<Product>;
  /** Where the page stands in the whole. */
  readonly pageInfo: PageInfo;
};

/** A product in a page. */
export type ProductEdge = {
  /** The position of the product; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The product. */
  readonly node: Product;
};

/** A page of reviews (Relay cursor connections). */
export type ReviewConnection = {
  /** The reviews of the page, each with its cursor. */
  readonly edges: ReadonlyArray<ReviewEdge>;
  /** The reviews of the page. */
  readonly nodes: ReadonlyArray<Review>;
  /** Where the page stands in the whole. */
  readonly pageInfo: PageInfo;
};

/** A review in a page. */
export type ReviewEdge = {
  /** The position of the review; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The review. */
  readonly node: Review;
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

/** A reason for which a change was not made: something the person can put right. */
export type UserError = {
  /** What kind of reason, for programs: upper case, such as `EMAIL_TAKEN`. */
  readonly code: Scalars['String']['output'];
  /** The reason, for people. */
  readonly message: Scalars['String']['output'];
  /** The way to the input value it is about, such as `["input", "email"]`; null when it is about no single one. */
  readonly path?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
};

/** A product to remove from the catalogue. */
export type ArchiveProductInput = {
  /** The product's id. */
  readonly id: Scalars['ID']['input'];
};

/** The result of `archiveProduct`. */
export type ArchiveProductPayload = {
  /** The archived product; null when there is none with that id. */
  readonly product?: Maybe<Product>;
  /** Why it was not archived: `PRODUCT_NOT_FOUND`. Empty when it was; archiving twice is not an error. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A review to add. */
export type AddReviewInput = {
  /** The product it is about. */
  readonly productId: Scalars['ID']['input'];
  /** From 1 (bad) to 5 (very good). */
  readonly rating: Scalars['Int']['input'];
  /** The text of the review, up to 2,000 characters. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
};

/** The result of `addReview`. */
export type AddReviewPayload = {
  /** The new review; null when it was not added. */
  readonly review?: Maybe<Review>;
  /** Why it was not added: `PRODUCT_NOT_FOUND`, `RATING_INVALID`, `COMMENT_INVALID`, `ALREADY_REVIEWED`. Empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
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
  Product: Product;
  Review: Review;
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Product: { __typename: 'Product' } & (
    | GraphQLRecursivePick<FederationTypes['Product'], { id: true }>
    | GraphQLRecursivePick<FederationTypes['Product'], { sku: true }>
  );
  Review: { __typename: 'Review' } & GraphQLRecursivePick<FederationTypes['Review'], { id: true }>;
  User: { __typename: 'User' } & GraphQLRecursivePick<FederationTypes['User'], { id: true }>;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Product: ResolverTypeWrapper<ProductSource>;
  Handling: Handling;
  Money: ResolverTypeWrapper<MoneySource>;
  Review: ResolverTypeWrapper<ReviewSource>;
  User: ResolverTypeWrapper<{ readonly __typename?: 'User'; readonly id: string }>;
  CatalogFilter: CatalogFilter;
  CatalogSort: CatalogSort;
  ProductConnection: ResolverTypeWrapper<Connection<ProductSource>>;
  ProductEdge: ResolverTypeWrapper<Omit<ProductEdge, 'node'> & { node: ResolversTypes['Product'] }>;
  ReviewConnection: ResolverTypeWrapper<Connection<ReviewSource>>;
  ReviewEdge: ResolverTypeWrapper<Omit<ReviewEdge, 'node'> & { node: ResolversTypes['Review'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  UserError: ResolverTypeWrapper<UserError>;
  ArchiveProductInput: ArchiveProductInput;
  ArchiveProductPayload: ResolverTypeWrapper<
    Omit<ArchiveProductPayload, 'product'> & { product?: Maybe<ResolversTypes['Product']> }
  >;
  AddReviewInput: AddReviewInput;
  AddReviewPayload: ResolverTypeWrapper<
    Omit<AddReviewPayload, 'review'> & { review?: Maybe<ResolversTypes['Review']> }
  >;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Subscription: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
  Float: Scalars['Float']['output'];
  Product: ProductSource;
  Money: MoneySource;
  Review: ReviewSource;
  User: { readonly __typename?: 'User'; readonly id: string };
  CatalogFilter: CatalogFilter;
  ProductConnection: Connection<ProductSource>;
  ProductEdge: Omit<ProductEdge, 'node'> & { node: ResolversParentTypes['Product'] };
  ReviewConnection: Connection<ReviewSource>;
  ReviewEdge: Omit<ReviewEdge, 'node'> & { node: ResolversParentTypes['Review'] };
  PageInfo: PageInfo;
  UserError: UserError;
  ArchiveProductInput: ArchiveProductInput;
  ArchiveProductPayload: Omit<ArchiveProductPayload, 'product'> & {
    product?: Maybe<ResolversParentTypes['Product']>;
  };
  AddReviewInput: AddReviewInput;
  AddReviewPayload: Omit<AddReviewPayload, 'review'> & {
    review?: Maybe<ResolversParentTypes['Review']>;
  };
  Int: Scalars['Int']['output'];
  Boolean: Scalars['Boolean']['output'];
};

export type CacheControlDirectiveArgs = {
  maxAge?: Maybe<Scalars['Int']['input']>;
  inheritMaxAge?: Maybe<Scalars['Boolean']['input']>;
};

export type CacheControlDirectiveResolver<
  Result,
  Parent,
  ContextType = ProductsContext,
  Args = CacheControlDirectiveArgs,
> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['DateTime'],
  any
> {
  name: 'DateTime';
}

export type QueryResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query'],
> = {
  product: Resolver<
    Maybe<ResolversTypes['Product']>,
    ParentType,
    ContextType,
    RequireFields<QueryProductArgs, 'id'>
  >;
  productBySku: Resolver<
    Maybe<ResolversTypes['Product']>,
    ParentType,
    ContextType,
    RequireFields<QueryProductBySkuArgs, 'sku'>
  >;
  products: Resolver<Maybe<ReadonlyArray<ResolversTypes['Product']>>, ParentType, ContextType>;
  searchProducts: Resolver<
    Maybe<ReadonlyArray<ResolversTypes['Product']>>,
    ParentType,
    ContextType,
    RequireFields<QuerySearchProductsArgs, 'name'>
  >;
  catalog: Resolver<
    Maybe<ResolversTypes['ProductConnection']>,
    ParentType,
    ContextType,
    RequireFields<QueryCatalogArgs, 'first' | 'sort'>
  >;
};

export type SubscriptionResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription'],
> = {
  stockChanged: SubscriptionResolver<
    Maybe<ResolversTypes['Product']>,
    'stockChanged',
    ParentType,
    ContextType,
    RequireFields<SubscriptionStockChangedArgs, 'productId' | 'withCurrent'>
  >;
};

export type MutationResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation'],
> = {
  createProduct: Resolver<
    Maybe<ResolversTypes['Product']>,
    ParentType,
    ContextType,
    RequireFields<MutationCreateProductArgs, 'name' | 'price' | 'stock'>
  >;
  updateProduct: Resolver<
    Maybe<ResolversTypes['Product']>,
    ParentType,
    ContextType,
    RequireFields<MutationUpdateProductArgs, 'id'>
  >;
  archiveProduct: Resolver<
    Maybe<ResolversTypes['ArchiveProductPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationArchiveProductArgs, 'input'>
  >;
  addReview: Resolver<
    Maybe<ResolversTypes['AddReviewPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationAddReviewArgs, 'input'>
  >;
};

export type ProductResolvers<
  ContextType = ProductsContext,
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
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  price?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  stock?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  inStock?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  weightGrams?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  handling?: Resolver<ResolversTypes['Handling'], ParentType, ContextType>;
  shippingCost?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  archivedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  reviews?: Resolver<
    ReadonlyArray<ResolversTypes['Review']>,
    ParentType,
    ContextType,
    RequireFields<ProductReviewsArgs, 'first'>
  >;
  reviewCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  averageRating?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type MoneyResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money'],
> = {
  amount?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  currencyCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ReviewResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['Review'] = ResolversParentTypes['Review'],
  FederationReferenceType extends FederationReferenceTypes['Review'] =
    FederationReferenceTypes['Review'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['Review']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  rating?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  comment?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  product?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
};

export type UserResolvers<
  ContextType = ProductsContext,
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
  reviews?: Resolver<
    Maybe<ResolversTypes['ReviewConnection']>,
    ParentType,
    ContextType,
    RequireFields<UserReviewsArgs, 'first'>
  >;
};

export type ProductConnectionResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['ProductConnection'] =
    ResolversParentTypes['ProductConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ProductEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Product']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ProductEdgeResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['ProductEdge'] = ResolversParentTypes['ProductEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
};

export type ReviewConnectionResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['ReviewConnection'] =
    ResolversParentTypes['ReviewConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ReviewEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Review']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ReviewEdgeResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['ReviewEdge'] = ResolversParentTypes['ReviewEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Review'], ParentType, ContextType>;
};

export type PageInfoResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo'],
> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserErrorResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError'],
> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type ArchiveProductPayloadResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['ArchiveProductPayload'] =
    ResolversParentTypes['ArchiveProductPayload'],
> = {
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AddReviewPayloadResolvers<
  ContextType = ProductsContext,
  ParentType extends ResolversParentTypes['AddReviewPayload'] =
    ResolversParentTypes['AddReviewPayload'],
> = {
  review?: Resolver<Maybe<ResolversTypes['Review']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = ProductsContext> = {
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  Review?: ReviewResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  ProductConnection?: ProductConnectionResolvers<ContextType>;
  ProductEdge?: ProductEdgeResolvers<ContextType>;
  ReviewConnection?: ReviewConnectionResolvers<ContextType>;
  ReviewEdge?: ReviewEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  ArchiveProductPayload?: ArchiveProductPayloadResolvers<ContextType>;
  AddReviewPayload?: AddReviewPayloadResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = ProductsContext> = {
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
};
