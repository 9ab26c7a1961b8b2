import { endpointText } from "./endpoint_text.ts";
import type { Endpoint } from "./ip_address.ts";

/**
 * Asks the second wall. Needed before every use of Node's API that binds: it throws what Deno
 * denies where nobody can catch it, which ends the worker.
 *
 * @param endpoint What is to be connected to or listened on.
 * @returns Whether the worker's permissions cover it.
 */
export function isPermitted(endpoint: Endpoint): boolean {
  return Deno.permissions.querySync({ name: "net", host: endpointText(endpoint) }).state ===
    "granted";
}
