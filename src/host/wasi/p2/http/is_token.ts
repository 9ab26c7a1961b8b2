const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Tells whether a text is a token of RFC 9110, section 5.6.2, as methods and field names are.
 *
 * @param text The text.
 * @returns Whether it is one.
 */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}
