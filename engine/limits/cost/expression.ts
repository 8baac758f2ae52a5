/** The variables of a request as the client sent them. */
export type Variables = Readonly<Record<string, unknown>>;

/** A value that is constant, or depends on variables. */
export type Expression<T> = { readonly constant: T } | { readonly of: (variables: Variables) => T };

/** A constant value. */
export function constant<T>(value: T): Expression<T> {
  return { constant: value };
}

/** Applies a function to a value; immediately when it is constant. */
export function map<T, U>(value: Expression<T>, apply: (value: T) => U): Expression<U> {
  if ('constant' in value) return constant(apply(value.constant));
  const { of } = value;
  return { of: (variables) => apply(of(variables)) };
}

/** The sum; constants are added immediately. */
export function sum(terms: readonly Expression<number>[]): Expression<number> {
  let known = 0;
  const open: ((variables: Variables) => number)[] = [];
  for (const term of terms) {
    if ('constant' in term) known += term.constant;
    else open.push(term.of);
  }
  if (open.length === 0) return constant(known);
  return {
    of: (variables) => {
      let total = known;
      for (const term of open) total += term(variables);
      return total;
    },
  };
}

/** The product; zero times anything is constant. */
export function product(left: Expression<number>, right: Expression<number>): Expression<number> {
  if ('constant' in left) {
    const { constant: factor } = left;
    return factor === 0 ? constant(0) : map(right, (value) => factor * value);
  }
  const { of } = left;
  if ('constant' in right) return map(left, (value) => value * right.constant);
  return { of: (variables) => of(variables) * right.of(variables) };
}
