import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCheck } from './check.ts';

const check = createCheck({ order: { id: '1' } });
const bytes = (text: string): Buffer => Buffer.from(text);

describe('load/check', () => {
  it('accepts the expected data in any form of the same JSON', () => {
    assert.equal(check(200, bytes('{"data":{"order":{"id":"1"}}}')), undefined);
    assert.equal(check(200, bytes('{ "data": { "order": { "id": "1" } } }')), undefined);
  });

  it('refuses other data, also of the same length as data that it accepted', () => {
    assert.equal(check(200, bytes('{"data":{"order":{"id":"1"}}}')), undefined);
    assert.match(check(200, bytes('{"data":{"order":{"id":"2"}}}')) ?? '', /^expected .* got /);
  });

  it('refuses right data beside errors', () => {
    const answer = '{"data":{"order":{"id":"1"}},"errors":[{"message":"x"}]}';
    assert.match(check(200, bytes(answer)) ?? '', /^expected no errors/);
  });

  it('refuses right data with another status', () => {
    assert.match(check(500, bytes('{"data":{"order":{"id":"1"}}}')) ?? '', /got 500/);
  });

  it('refuses what is not JSON', () => {
    assert.match(check(200, bytes('<html>')) ?? '', /got <html>/);
  });
});
