import type { Endpoint } from "./ip_address.ts";

/**
 * Writes an address and a port the way Deno and URLs do.
 *
 * @param endpoint The address, or a name, and the port.
 * @returns `127.0.0.1:80` or `[::1]:80`.
 */
export function endpointText({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
