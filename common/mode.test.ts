import { describe, expect, it } from '@jest/globals';
import { likelyMode, readMode, requireLoopbackInDevelopment } from './mode.ts';

describe('common/mode', () => {
  it.each([
    [undefined, 'development'],
    ['', 'development'],
    ['development', 'development'],
    ['test', 'development'],
    [' production ', 'production'],
  ])('reads NODE_ENV=%j as %s', (name, mode) => {
    expect(readMode({ NODE_ENV: name })).toBe(mode);
  });

  it.each([
    ['prod', 'production'],
    ['Production', 'production'],
    ['PRODUCTION', 'production'],
    ['prodution', 'production'],
    ['dev', 'development'],
    ['Develop', 'development'],
    ['tests', 'test'],
    ['staging', undefined],
    ['live', undefined],
    ['__proto__', undefined],
  ])('rejects NODE_ENV=%s, and suggests %s', (name, meant) => {
    const hint = meant === undefined ? '' : `; the nearest is ${meant}`;
    const message = `NODE_ENV: takes development, test or production, not "${name}"${hint}.`;
    expect(() => readMode({ NODE_ENV: name })).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID', message }),
    );
    expect(likelyMode({ NODE_ENV: name })).toBe(meant === 'test' ? 'development' : meant);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.2', false],
    ['127.0.0.1.example.com', false],
    ['127.example.com', false],
    ['shop.example', false],
  ])('lets development have the address %s: %s', (host, expected) => {
    const listen = (): void => {
      requireLoopbackInDevelopment('development', { name: 'HOST', host });
    };
    if (expected) expect(listen).not.toThrow();
    else expect(listen).toThrow(`HOST: other machines can reach ${host}`);
  });
});
