import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressRange } from './network.ts';

test.each([
  ['10.0.0.0/8', '0:0:0:0:0:ffff:a00:0', '0:0:0:0:0:ffff:aff:ffff'],
  ['192.0.2.4', '0:0:0:0:0:ffff:c000:204', '0:0:0:0:0:ffff:c000:204'],
  ['0.0.0.0/0', '0:0:0:0:0:ffff:0:0', '0:0:0:0:0:ffff:ffff:ffff'],
  ['2001:db8::/32', '2001:db8:0:0:0:0:0:0', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['::ffff:192.0.2.4', '0:0:0:0:0:ffff:c000:204', '0:0:0:0:0:ffff:c000:204'],
  ['::', '0:0:0:0:0:0:0:0', '0:0:0:0:0:0:0:0'],
])('%s runs from %s to %s', (text, first, last) => {
  expect(addressRange(text)).toEqual({ first, last });
});

test.each([
  '10.0.0.0/33',
  '10.0.0',
  '10.0.0.1/',
  'x',
  '1::2::3',
  '2001:db8::/129',
  '10.0.0.1/8/8',
  'fe80::1%eth0',
])('%s is no network', (text) => expect(addressRange(text)).toBeUndefined());

test('an address lies in every network that is cut from it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128), (address, prefix) => {
      const cut = Math.min(prefix, address.includes(':') ? 128 : 32);
      const range = addressRange(`${address}/${cut}`);
      const own = addressRange(address)?.first;
      const padded = (text: string | undefined) =>
        (text ?? '')
          .split(':')
          .map((part) => part.padStart(4, '0'))
          .join('');
      expect(padded(range?.first) <= padded(own) && padded(own) <= padded(range?.last)).toBe(true);
    }),
  );
});
