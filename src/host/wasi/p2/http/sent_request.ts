import { declaredLength } from "./declared_length.ts";
import { HttpFailure } from "./http_failure.ts";
import { methodName } from "./method_name.ts";
import type { OutgoingRequest } from "./outgoing_request.ts";
import type { SentRequest } from "./request_head.ts";
import type { RequestTarget } from "./request_target.ts";

/**
 * Takes what is sent out of the guest's resource.
 *
 * @param request The guest's request.
 * @param target Where it goes.
 * @returns The request.
 * @throws {HttpFailure} `HTTP-request-method-invalid`, `HTTP-protocol-error` for a `content-length`
 * that is no number, and `HTTP-request-body-size` for one without a body.
 */
export function sentRequest(request: OutgoingRequest, target: RequestTarget): SentRequest {
  const headers = request.headers();
  const body = request.pipe;
  const declared = declaredLength(headers);
  if (Number.isNaN(declared)) throw new HttpFailure({ tag: "HTTP-protocol-error" });
  if (body === undefined && declared !== undefined && declared > 0) {
    throw new HttpFailure({ tag: "HTTP-request-body-size", val: 0n });
  }
  return { method: methodName(request.method()), target, fields: headers.entries(), body };
}
