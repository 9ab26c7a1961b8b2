import { declaredLength } from "./declared_length.ts";
import type { Fields } from "./fields.ts";
import { isToken } from "./is_token.ts";
import { OutgoingBody } from "./outgoing_body.ts";
import { RequestPipe } from "./request_pipe.ts";

/** The variant `wasi:http/types.method`; `val` is there if the tag is `other`. */
export interface Method {
  /** Which case it is, such as `get`. */
  readonly tag: string;
  /** The method itself, if there is no case for it. */
  readonly val?: string;
}

/** The variant `wasi:http/types.scheme`; `val` is there if the tag is `other`. */
export interface Scheme {
  /** Which case it is. */
  readonly tag: "HTTP" | "HTTPS" | "other";
  /** The scheme itself, if there is no case for it. */
  readonly val?: string;
}

/** The scheme of RFC 3986, section 3.1. */
const SCHEME = /^[a-z][a-z0-9+.-]*$/i;

/** What can be neither in an authority nor in a path, however lenient. */
const SPACE_OR_CONTROL = /[\s\p{Cc}]/u;

/**
 * The resource `wasi:http/types.outgoing-request`. Its setters throw `undefined`, the error without
 * a value, for what cannot be.
 */
export class OutgoingRequest {
  readonly #headers: Fields;
  readonly #signal: AbortSignal;
  #pipe: RequestPipe | undefined;
  #method: Method = { tag: "get" };
  #pathWithQuery: string | undefined;
  #scheme: Scheme | undefined;
  #authority: string | undefined;

  /**
   * Creates a request.
   *
   * @param headers Its headers, which cannot be changed any more.
   * @param signal Ends every wait on its body.
   */
  constructor(headers: Fields, signal: AbortSignal) {
    this.#headers = headers.freeze();
    this.#signal = signal;
  }

  /** Where the body's bytes go, if the body was asked for. */
  get pipe(): RequestPipe | undefined {
    return this.#pipe;
  }

  /**
   * Gives the body.
   *
   * @throws `undefined`, the error without a value, on any call but the first.
   */
  body(): OutgoingBody {
    if (this.#pipe !== undefined) throw undefined;
    this.#pipe = new RequestPipe(declaredLength(this.#headers));
    return new OutgoingBody(this.#pipe, this.#signal);
  }

  /** Gives the headers, which cannot be changed. */
  headers(): Fields {
    // Each handle that the guest gets is a resource of its own, which it drops on its own.
    return this.#headers.clone().freeze();
  }

  /** Gives the method. */
  method(): Method {
    return this.#method;
  }

  /** Sets the method. */
  setMethod(method: Method): void {
    if (method.val !== undefined && !isToken(method.val)) throw undefined;
    this.#method = method;
  }

  /** Gives the path and the query. */
  pathWithQuery(): string | undefined {
    return this.#pathWithQuery;
  }

  /** Sets the path and the query. */
  setPathWithQuery(pathWithQuery: string | undefined): void {
    this.#pathWithQuery = printable(pathWithQuery);
  }

  /** Gives the scheme. */
  scheme(): Scheme | undefined {
    return this.#scheme;
  }

  /** Sets the scheme. */
  setScheme(scheme: Scheme | undefined): void {
    if (scheme?.val !== undefined && !SCHEME.test(scheme.val)) throw undefined;
    this.#scheme = scheme;
  }

  /** Gives the authority. */
  authority(): string | undefined {
    return this.#authority;
  }

  /** Sets the authority. */
  setAuthority(authority: string | undefined): void {
    this.#authority = printable(authority);
  }
}

function printable(text: string | undefined): string | undefined {
  if (text !== undefined && SPACE_OR_CONTROL.test(text)) throw undefined;
  return text;
}
