import type { Field } from "./fields.ts";
import { joinBytes } from "./join_bytes.ts";
import type { BodyFraming, RequestPipe } from "./request_pipe.ts";
import type { RequestTarget } from "./request_target.ts";
import { writeFields } from "./write_fields.ts";

/** A request as the guest made it. */
export interface SentRequest {
  /** The method, such as `GET`. */
  readonly method: string;
  /** Where it goes. */
  readonly target: RequestTarget;
  /** The header, without what belongs to the connection. */
  readonly fields: readonly Field[];
  /** The body, if the guest has asked for it. */
  readonly body: RequestPipe | undefined;
}

/** A request's head, ready to be sent. */
export interface RequestHead {
  /** The head. */
  readonly bytes: Uint8Array;
  /** How it says that the body ends. */
  readonly framing: BodyFraming;
}

/** The methods whose meaning lies in their body, so that having none is said. */
const WITH_BODY: ReadonlySet<string> = new Set(["PATCH", "POST", "PUT"]);

/**
 * Tells whether a request's head must wait until the body begins or is known to be empty. Many
 * guests ask for the body of every request, but a `GET` that announces a body confuses servers.
 *
 * @param request The request.
 * @returns Whether it must.
 */
export function waitsForBody(request: SentRequest): boolean {
  return !WITH_BODY.has(request.method) && !declaresLength(request);
}

/**
 * Writes a request's head. Nothing is added but what HTTP/1.1 demands: no user agent, no accepted
 * codings, no cookies.
 *
 * @param request The request.
 * @returns The head.
 */
export function requestHead(request: SentRequest): RequestHead {
  const { method, target, fields } = request;
  const { framing, line } = frame(request);
  return {
    framing,
    bytes: joinBytes([
      `${method} ${target.path} HTTP/1.1\r\nhost: ${target.authority}\r\n`,
      ...writeFields(fields),
      // One connection for each request: none is shared, so that no request can reach into another.
      `${line}connection: close\r\n\r\n`,
    ]),
  };
}

function frame(request: SentRequest): { framing: BodyFraming; line: string } {
  const { method, body } = request;
  if (declaresLength(request)) return { framing: "sized", line: "" };
  if (body !== undefined && (body.length === undefined || body.hasTrailers)) {
    return { framing: "chunked", line: "transfer-encoding: chunked\r\n" };
  }
  const length = body?.length ?? 0;
  const line = length > 0 || WITH_BODY.has(method) ? `content-length: ${length}\r\n` : "";
  return { framing: "sized", line };
}

function declaresLength({ fields }: SentRequest): boolean {
  return fields.some(([name]) => name.toLowerCase() === "content-length");
}
