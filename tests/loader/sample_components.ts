/** The smallest component: a header and nothing else. */
export const EMPTY_COMPONENT = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00],
);

/** The smallest core module. */
export const EMPTY_CORE_MODULE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
);

/** Makes a component with a custom section that holds a text, so that digests differ. */
export function componentWith(text: string): Uint8Array<ArrayBuffer> {
  const body = new TextEncoder().encode(`\u0001x${text}`);
  if (body.length > 127) throw new RangeError("The text is too long");
  return Uint8Array.of(...EMPTY_COMPONENT, 0, body.length, ...body);
}
