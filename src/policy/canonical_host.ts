/**
 * One spelling for each host, so that hosts can be compared as text.
 *
 * @module
 */

// What the URL parser would read as something else than a part of the host, or would decode.
const NOT_IN_HOST_REGEXP = /[\s/\\@?#%<>^|{}"`*\p{Cc}]/u;

/**
 * Spells a host the way the URL standard does: lower case, international names in punycode, IPv4
 * in dotted decimal, IPv6 in brackets and shortest form.
 *
 * @param host A name, an IPv4 address, or an IPv6 address with or without brackets; no port.
 * @returns The canonical spelling, or `undefined` if the text is no host.
 */
export function canonicalHost(host: string): string | undefined {
  if (host === "" || NOT_IN_HOST_REGEXP.test(host)) return undefined;
  const bracketed = host.startsWith("[");
  if (bracketed && !host.endsWith("]")) return undefined;
  const authority = host.includes(":") && !bracketed ? `[${host}]` : host;
  return URL.parse(`http://${authority}/`)?.hostname;
}
