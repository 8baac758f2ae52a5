import { isInputObjectType } from 'graphql';
import { type ApiRule, changesOfTypes } from '../api-rule.ts';
import { changesOfInputValues, inputFieldWords } from '../input-values.ts';

/** Fields of input types. */
export const inputFields: ApiRule = (base, head) =>
  changesOfTypes(base, head, isInputObjectType, (before, after) =>
    changesOfInputValues(
      Object.values(before.getFields()),
      Object.values(after.getFields()),
      (name) => `${before.name}.${name}`,
      inputFieldWords,
    ),
  );
