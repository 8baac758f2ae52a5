import type {
  DeliveredPart,
  Delivery,
  PendingPart,
} from '../../../engine/execution/execute-in-parts.ts';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';

/** How a response in parts is written: a version of incremental delivery, which the specification does not have yet. */
export interface IncrementalFormat {
  /** The parameter of `multipart/mixed` that names it. */
  readonly spec: string;
  /** What the first part has besides its result. */
  readonly initial: (pending: readonly PendingPart[]) => object;
  readonly delivery: (delivery: Delivery, format: ErrorFormat) => object;
}

/** The form of August 2022: each part has the path of its object. */
const withPaths: IncrementalFormat = {
  spec: 'deferSpec=20220824',
  initial: () => ({ hasNext: true }),
  delivery: ({ parts, hasNext }, format) => ({
    incremental: parts.map((part) => ({
      ...errorsIn(part, format),
      data: part.data,
      path: part.of.path,
      label: part.of.label,
      extensions: part.extensions,
    })),
    hasNext,
  }),
};

/** The form of 2023, version 0.2 of Apollo's specification: parts are announced with an id, and completed. */
const withIds: IncrementalFormat = {
  spec: 'incrementalSpec=v0.2',
  initial: (pending) => ({ pending, hasNext: true }),
  delivery: ({ parts, pending, hasNext }, format) => {
    const incremental = parts.flatMap((part) => {
      const { of, data, extensions } = part;
      return data === null ? [] : [{ ...errorsIn(part, format), data, id: of.id, extensions }];
    });
    return {
      ...(pending.length > 0 && { pending }),
      ...(incremental.length > 0 && { incremental }),
      completed: parts.map((part) =>
        part.data === null
          ? { id: part.of.id, errors: part.errors?.map(format) ?? [] }
          : { id: part.of.id },
      ),
      hasNext,
    };
  },
};

/** All formats, the preferred one first. */
export const incrementalFormats: readonly IncrementalFormat[] = [withIds, withPaths];

function errorsIn({ errors }: DeliveredPart, format: ErrorFormat): object {
  return errors ? { errors: errors.map(format) } : {};
}
