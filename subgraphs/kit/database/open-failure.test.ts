import { describe, expect, it } from '@jest/globals';
import { openFailure } from './open-failure.ts';

const url = 'postgres://shop:secret@db.test:5432/sales?password=other';

describe('kit/failure to open a database', () => {
  it.each([
    ['3D000', 'There is no database "sales" at db.test:5432.', /createdb sales/],
    ['28P01', /refuses the password of "shop", or the role does not exist\.$/, /user and password/],
    ['28000', /does not let "shop" in: no pg_hba\.conf entry\.$/, /grant connect on database/],
    ['42501', /does not let "shop" in: no pg_hba\.conf entry\.$/, /"sales" to "shop"/],
    ['53300', /has no connection left: no pg_hba\.conf entry\.$/, /database\.poolMax/],
    ['ECONNREFUSED', /^The database at db\.test:5432\/sales cannot be reached: no pg/, /is up/],
    [undefined, /cannot be reached: no pg_hba\.conf entry\.$/, /is up/],
  ])('explains %s and what to do, without the password', (code, message, advice) => {
    const error = Object.assign(new Error('no pg_hba.conf entry.\nand more'), { code });
    const failure = openFailure(error, url);
    expect(failure.code).toBe('DATABASE_UNAVAILABLE');
    expect(failure.message).toMatch(message);
    expect(failure.advice).toMatch(advice);
    expect(`${failure.message} ${failure.advice}`).not.toMatch(/secret|other|\n/);
  });

  it('says why when several addresses were tried and the error has no message', () => {
    const tried = new AggregateError([new Error('connect ECONNREFUSED ::1:5432')]);
    expect(openFailure(tried, url).message).toMatch(/: connect ECONNREFUSED ::1:5432\.$/);
  });
});
