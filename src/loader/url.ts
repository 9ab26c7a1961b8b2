/**
 * Component sources that are fetched over HTTP, and kept by digest.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { formatDuration } from "../duration.ts";
import { LoadError } from "../errors.ts";
import { assertComponent } from "./component_header.ts";
import type { ContentStore } from "./content_store.ts";
import { sha256Digest } from "./digest.ts";
import type { LoadedSource } from "./loaded_source.ts";

const DEFAULT_SILENCE_TIMEOUT = 30_000;
const DEFAULT_MAX_BYTES = 512 * 1024 * 1024;
const DIGEST_REGEXP = /^sha256:[0-9a-f]{64}$/;

/** The bounds of a fetch. */
export interface FetchLimits {
  /** How long the server may send nothing, in ms: before its answer and within it. Default 30 s. */
  readonly silenceTimeout?: number | undefined;
  /** The largest body that is accepted, in bytes. Default 512 MiB. */
  readonly maxBytes?: number | undefined;
  /** What the timeout is measured with. Default: the platform's clock. */
  readonly clock?: Clock | undefined;
}

/** Options of {@linkcode loadUrl}. */
export interface LoadUrlOptions extends FetchLimits {
  /** The component's id, for messages. */
  readonly componentId: string;
  /** Where the bytes are looked for first, and kept. */
  readonly store: ContentStore;
  /** Ends the fetch early; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads a component from the store, or fetches it and checks its digest. Redirects are followed
 * to wherever they lead, since only the digest says what is trusted.
 *
 * @param source The address and the digest, as the manifest gives them.
 * @param options Whose source it is, the store and the bounds.
 * @returns The bytes and their digest.
 * @throws LoadError `ERR_INVALID_DIGEST`, `ERR_SOURCE_URL`, `ERR_FETCH`, `ERR_SOURCE_TOO_LARGE`,
 * `ERR_DIGEST_MISMATCH`, or what {@linkcode assertComponent} throws.
 */
export async function loadUrl(
  source: { readonly url: string; readonly digest: string },
  options: LoadUrlOptions,
): Promise<LoadedSource> {
  const { store, signal } = options;
  const url = parseUrl(source.url, options.componentId);
  const digest = source.digest.toLowerCase();
  const name = `Source ${printable(url)} of component "${options.componentId}"`;
  if (!DIGEST_REGEXP.test(digest)) {
    throw new LoadError(
      "ERR_INVALID_DIGEST",
      `${name} has the digest "${source.digest}", which is no sha256 digest`,
      { hint: 'Write "sha256:" and the 64 hexadecimal digits of sha256sum' },
    );
  }
  signal?.throwIfAborted();
  const cached = await store.get(digest);
  const bytes = cached ?? await fetchBytes(url, name, options);
  if (cached === undefined) {
    const actual = await sha256Digest(bytes);
    if (actual !== digest) throw digestMismatch(name, digest, actual);
  }
  assertComponent(bytes, name);
  if (cached === undefined) await store.put(digest, bytes);
  return { bytes, digest };
}

function digestMismatch(
  name: string,
  expected: string,
  actual: string,
): LoadError {
  return new LoadError(
    "ERR_DIGEST_MISMATCH",
    `${name} has the digest ${actual}, but the manifest says ${expected}`,
    {
      hint: "Correct `digest` if the new content is trusted; else find out why it changed",
    },
  );
}

function parseUrl(text: string, componentId: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new LoadError(
    "ERR_SOURCE_URL",
    `Source "${text}" of component "${componentId}" is no http or https URL`,
    { hint: "Name a file on this machine by its path instead" },
  );
}

/** Gives the address without the password that it may hold. */
function printable(url: URL): string {
  const copy = new URL(url);
  copy.username = "";
  copy.password = "";
  return copy.href;
}

async function fetchBytes(
  url: URL,
  name: string,
  options: LoadUrlOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { clock = systemClock } = options;
  const timeout = options.silenceTimeout ?? DEFAULT_SILENCE_TIMEOUT;
  const silence = new AbortController();
  const signal = AbortSignal.any(
    options.signal === undefined ? [silence.signal] : [silence.signal, options.signal],
  );
  const startTimer = () =>
    clock.after(
      () =>
        silence.abort(
          new LoadError(
            "ERR_FETCH",
            `${name} sent nothing for ${formatDuration(timeout)}`,
            { hint: "Check the address, the server and the network" },
          ),
        ),
      timeout,
    );
  let stopTimer = startTimer();
  try {
    const response = await fetch(url, { signal });
    return await readBody(response, {
      name,
      maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
      onProgress: () => {
        stopTimer();
        stopTimer = startTimer();
      },
    });
  } catch (error) {
    // Whatever an abort makes fetch throw, its reason is the better account.
    signal.throwIfAborted();
    if (error instanceof LoadError) throw error;
    throw new LoadError("ERR_FETCH", `${name} could not be fetched`, {
      cause: error,
      hint: "Check the address, the server and the network",
    });
  } finally {
    stopTimer();
  }
}

interface ReadBodyOptions {
  readonly name: string;
  readonly maxBytes: number;
  readonly onProgress: () => void;
}

async function readBody(
  response: Response,
  options: ReadBodyOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { name, maxBytes, onProgress } = options;
  if (!response.ok) {
    await response.body?.cancel();
    throw new LoadError(
      "ERR_FETCH",
      `${name} could not be fetched: the server answered ${
        `${response.status} ${response.statusText}`.trim()
      }`,
      { hint: "Check `url` in the manifest" },
    );
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  // Leaving the loop by a throw cancels the body, and with it the connection.
  for await (const chunk of response.body ?? []) {
    onProgress();
    length += chunk.length;
    if (length > maxBytes) {
      throw new LoadError(
        "ERR_SOURCE_TOO_LARGE",
        `${name} is larger than ${maxBytes} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return await new Blob(chunks).bytes();
}
