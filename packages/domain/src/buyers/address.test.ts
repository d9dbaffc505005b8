import { describe, expect, test } from 'vitest';
import { buyerKey } from './address.ts';

describe('buyerKey', () => {
  test.for<[string, string, string]>([
    ['as it is', 'ada@example.com', 'ada@example.com'],
    ['in capitals', 'Ada@EXAMPLE.com', 'ada@example.com'],
    ['with blanks around', '  ada@example.com ', 'ada@example.com'],
    ['with a tag', 'ada+tickets@example.com', 'ada@example.com'],
    ['with several', 'ada+a+b@example.com', 'ada@example.com'],
    ['that is only a tag', '+list@example.com', '+list@example.com'],
    ['with dots, anywhere', 'ada.l@example.com', 'ada.l@example.com'],
    ['with dots, at Gmail', 'A.d.a+x@gmail.com', 'ada@gmail.com'],
    ['by the other name of Gmail', 'a.da@googlemail.com', 'ada@gmail.com'],
    ['at a domain that ends like Gmail', 'a.da@not-gmail.com', 'a.da@not-gmail.com'],
    ['in wide letters', 'ａｄａ@example.com', 'ada@example.com'],
    ['with an @ in its quoted name', '"a@b"@example.com', '"a@b"@example.com'],
    ['that is none', 'Ada', 'ada'],
  ])('an address %s', ([, address, key]) => {
    expect(buyerKey(address)).toBe(key);
    expect(buyerKey(key)).toBe(key);
  });
});
