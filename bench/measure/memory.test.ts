import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whyNotLevel } from './memory.ts';

function curve(...mebibytes: readonly number[]) {
  return mebibytes.map((each, index) => ({
    operations: (index + 1) * 1_000,
    residentBytes: each * 2 ** 20,
  }));
}

describe('measure/memory', () => {
  it('calls a curve level that rises at first and then stays', () => {
    assert.equal(whyNotLevel(curve(150, 240, 260, 255, 270, 262)), undefined);
  });

  it('says when memory grows to the end', () => {
    assert.equal(
      whyNotLevel(curve(100, 120, 140, 180, 220, 260)),
      'from 140 MiB it still grew to 260 MiB',
    );
  });

  it('says when it is level and too much', () => {
    assert.equal(whyNotLevel(curve(400, 400, 400)), '400 MiB are more than the 350 MiB expected');
  });
});
