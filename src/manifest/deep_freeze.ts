/**
 * Makes the application model immutable.
 *
 * @module
 */

/**
 * Freezes plain data through and through, in place.
 *
 * @param value The data: arrays, plain objects and primitives. Other objects are left alone.
 * @returns The same value.
 */
export function deepFreeze<T>(value: T): T {
  if (Array.isArray(value) || isPlainObject(value)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
