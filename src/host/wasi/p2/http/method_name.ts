import { HttpFailure } from "./http_failure.ts";
import type { Method } from "./outgoing_request.ts";

/**
 * Writes a method as it stands in the request line.
 *
 * @param method The method. One of the tag `other` is sent as it is written.
 * @returns The method.
 * @throws {HttpFailure} `HTTP-request-method-invalid` for `CONNECT`, which makes a tunnel to
 * another host of the connection.
 */
export function methodName(method: Method): string {
  const name = method.val ?? method.tag.toUpperCase();
  if (name.toUpperCase() === "CONNECT") {
    throw new HttpFailure({ tag: "HTTP-request-method-invalid" });
  }
  return name;
}
