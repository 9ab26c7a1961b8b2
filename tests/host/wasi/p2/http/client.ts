import type { GuestContext } from "../../../../../src/host/host_interface.ts";
import type { ErrorCode } from "../../../../../src/host/wasi/p2/http/error_code.ts";
import { Fields } from "../../../../../src/host/wasi/p2/http/fields.ts";
import type { FutureIncomingResponse } from "../../../../../src/host/wasi/p2/http/future_incoming_response.ts";
import { HttpIoError } from "../../../../../src/host/wasi/p2/http/http_io_error.ts";
import { IncomingBody } from "../../../../../src/host/wasi/p2/http/incoming_body.ts";
import type { IncomingResponse } from "../../../../../src/host/wasi/p2/http/incoming_response.ts";
import { OutgoingBody } from "../../../../../src/host/wasi/p2/http/outgoing_body.ts";
import { outgoingHandler } from "../../../../../src/host/wasi/p2/http/outgoing_handler.ts";
import {
  type Method,
  OutgoingRequest,
  type Scheme,
} from "../../../../../src/host/wasi/p2/http/outgoing_request.ts";
import { RequestOptions } from "../../../../../src/host/wasi/p2/http/request_options.ts";
import type { InputStream } from "../../../../../src/host/wasi/p2/io/input_stream.ts";
import { AllowedHosts } from "../../../../../src/policy/allowed_hosts.ts";
import type { Denial } from "../../../../../src/policy/denial.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";

/** A request in a few words. */
export interface Sent {
  readonly method?: Method;
  readonly scheme?: Scheme;
  readonly authority?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body's parts; the body is not asked for if absent. */
  readonly body?: readonly string[];
  readonly trailers?: Readonly<Record<string, string>>;
  /** In ms. */
  readonly timeouts?: {
    readonly connect?: number;
    readonly firstByte?: number;
    readonly betweenBytes?: number;
  };
}

/** All that comes back. */
export interface Answer {
  readonly status: number;
  /** Lower-case names; values of one name joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why the body broke off. */
  readonly bodyError?: ErrorCode;
  readonly trailers?: Readonly<Record<string, string>>;
}

/** A guest that sends requests, with what it was denied. */
export class Client implements Disposable {
  readonly denials: Denial[] = [];
  readonly #end = new AbortController();
  readonly #handler;

  constructor(hosts: readonly string[], granted: Partial<GuestContext> = {}) {
    this.#handler = outgoingHandler.create(guestContext({
      allowedHosts: AllowedHosts.parse(hosts),
      onDenied: (denial) => this.denials.push(denial),
      signal: this.#end.signal,
      ...granted,
    }));
  }

  /** Sends a request's head; throws the error code. */
  handle(request: OutgoingRequest, options?: RequestOptions): FutureIncomingResponse {
    return call(this.#handler, "handle", request, options) as FutureIncomingResponse;
  }

  /** Sends a request and reads all of its response; throws the error code. */
  async send(sent: Sent): Promise<Answer> {
    const request = requestOf(sent);
    const body = sent.body === undefined ? undefined : request.body();
    using future = this.handle(request, optionsOf(sent));
    if (body !== undefined) await writeBody(body, sent);
    using response = await responseOf(future);
    return await answerOf(response);
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }
}

export function requestOf(sent: Sent): OutgoingRequest {
  const request = new OutgoingRequest(fieldsOf(sent.headers ?? {}), new AbortController().signal);
  request.setMethod(sent.method ?? { tag: "get" });
  request.setScheme(sent.scheme ?? { tag: "HTTP" });
  request.setAuthority(sent.authority);
  request.setPathWithQuery(sent.path);
  return request;
}

export async function responseOf(future: FutureIncomingResponse): Promise<IncomingResponse> {
  await future.subscribe().block();
  const result = future.get();
  if (result?.tag !== "ok") throw new Error("There is no response");
  if (result.val.tag === "err") throw result.val.val;
  return result.val.val;
}

/** Reads a stream to its end. */
export async function readAll(stream: InputStream): Promise<{ text: string; error?: ErrorCode }> {
  const decoder = new TextDecoder("latin1");
  let text = "";
  while (true) {
    try {
      text += decoder.decode(await stream.blockingRead(65_536n));
    } catch (error) {
      const { tag, val } = error as { tag?: string; val?: unknown };
      if (tag === "closed") return { text };
      if (val instanceof HttpIoError) return { text, error: val.code };
      throw error;
    }
  }
}

async function writeBody(body: OutgoingBody, sent: Sent): Promise<void> {
  const stream = body.write();
  for (const part of sent.body ?? []) {
    await stream.blockingWriteAndFlush(new TextEncoder().encode(part));
  }
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, sent.trailers && fieldsOf(sent.trailers));
}

async function answerOf(response: IncomingResponse): Promise<Answer> {
  const body = response.consume();
  const stream = body.stream();
  const { text, error } = await readAll(stream);
  stream[Symbol.dispose]();
  using future = IncomingBody.finish(body);
  await future.subscribe().block();
  const trailers = future.get();
  const hasTrailers = trailers?.tag === "ok" && trailers.val.tag === "ok" &&
    trailers.val.val !== undefined;
  return {
    status: response.status(),
    headers: recordOf(response.headers()),
    body: text,
    ...(error !== undefined && { bodyError: error }),
    ...(hasTrailers && { trailers: recordOf(trailers.val.val) }),
  };
}

function fieldsOf(record: Readonly<Record<string, string>>): Fields {
  const encoder = new TextEncoder();
  return Fields.fromList(
    Object.entries(record).map(([name, value]) => [name, encoder.encode(value)]),
  );
}

function recordOf(fields: Fields): Record<string, string> {
  const record: Record<string, string> = {};
  for (const [name, value] of fields.entries()) {
    const text = new TextDecoder("latin1").decode(value);
    const key = name.toLowerCase();
    record[key] = record[key] === undefined ? text : `${record[key]}, ${text}`;
  }
  return record;
}

function optionsOf({ timeouts = {} }: Sent): RequestOptions {
  const options = new RequestOptions();
  const nanoseconds = (ms: number | undefined) =>
    ms === undefined ? undefined : BigInt(ms) * 1_000_000n;
  options.setConnectTimeout(nanoseconds(timeouts.connect));
  options.setFirstByteTimeout(nanoseconds(timeouts.firstByte));
  options.setBetweenBytesTimeout(nanoseconds(timeouts.betweenBytes));
  return options;
}
