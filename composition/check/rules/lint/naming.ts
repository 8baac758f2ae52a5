import { isEnumType } from 'graphql';
import type { Change } from '../../change.ts';
import type { Rule } from '../../comparison.ts';
import { changedMembers } from './changed-members.ts';

const styles = {
  PascalCase: /^[A-Z][A-Za-z0-9]*$/,
  camelCase: /^[a-z][A-Za-z0-9]*$/,
  UPPER_CASE: /^[A-Z][A-Z0-9_]*$/,
} as const;

/** New names follow the conventions: types in PascalCase, fields and arguments in camelCase, enum values in UPPER_CASE. */
export const naming: Rule = (comparison) =>
  changedMembers(comparison).added.flatMap(({ coordinate }): readonly Change[] => {
    const [type = '', member] = coordinate.split('.');
    const isValue = member !== undefined && isEnumType(comparison.head.api.getType(type));
    const style = member === undefined ? 'PascalCase' : isValue ? 'UPPER_CASE' : 'camelCase';
    const name = /\((\w+):\)$/.exec(coordinate)?.[1] ?? member ?? type;
    if (styles[style].test(name)) return [];
    return [
      {
        code: 'LINT_NAMING',
        message: `The name of ${coordinate} is not in ${style}.`,
        coordinate,
        in: 'head',
      },
    ];
  });
