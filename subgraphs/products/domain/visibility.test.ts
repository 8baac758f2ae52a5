import { describe, expect, it } from '@jest/globals';
import { anonymous, type Viewer } from '../../../common/viewer.ts';
import type { Product } from './product.ts';
import { findsArchived, ifFound } from './visibility.ts';

const customer: Viewer = { kind: 'user', id: '1', role: 'customer', scopes: [], sessionId: 's' };
const admin: Viewer = { ...customer, role: 'admin' };
const sold: Product = {
  id: '1',
  sku: 'LAP-001',
  name: 'Laptop',
  description: null,
  priceMinor: 99_999,
  stock: 50,
  weightGrams: 2_400,
  handling: 'FRAGILE',
  createdAt: new Date(0),
  archivedAt: null,
};
const archived: Product = { ...sold, archivedAt: new Date(1) };

describe('products/visibility', () => {
  it.each([
    ['nobody', anonymous, false],
    ['a customer', customer, false],
    ['an admin', admin, true],
  ])('lets %s find archived products: %3$p', (_, viewer, finds) => {
    expect(findsArchived(viewer)).toBe(finds);
    expect(ifFound(viewer, archived)).toBe(finds ? archived : null);
    expect(ifFound(viewer, sold)).toBe(sold);
    expect(ifFound(viewer, null)).toBeNull();
  });
});
