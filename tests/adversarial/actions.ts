/**
 * What guests do with WASI, in a few words.
 *
 * @module
 */

import { type RawGuest, WasiError } from "../support/test_kit/raw_guest.ts";

const DESCRIPTOR = "wasi:filesystem/types#[method]descriptor";
const REQUEST = "wasi:http/types#[method]outgoing-request";

/** How a file is opened. */
export interface OpenOptions {
  /** Flags for the walk. Default: symlinks are followed. */
  readonly path?: readonly string[];
  /** Flags for the file. Default: none. */
  readonly open?: readonly string[];
  /** What it is opened for. Default: to be read. */
  readonly flags?: readonly string[];
}

/** Gives the handle of the guest's first directory. */
export async function firstDirectory(guest: RawGuest): Promise<number> {
  return (await locate(guest, ".")).directory;
}

/** Finds the directory that a path is below of: the first, unless the path begins with another's. */
async function locate(
  guest: RawGuest,
  path: string,
): Promise<{ readonly directory: number; readonly relative: string }> {
  const directories = await guest.call("wasi:filesystem/preopens#get-directories");
  const [first, ...others] = directories as readonly (readonly [number, string])[];
  if (first === undefined) throw new Error("The guest has no directory");
  for (const [directory, name] of others) {
    if (path.startsWith(`${name}/`)) return { directory, relative: path.slice(name.length + 1) };
  }
  return { directory: first[0], relative: path };
}

/** Opens a path below the guest's first directory. */
export async function openFile(
  guest: RawGuest,
  path: string,
  options: OpenOptions = {},
): Promise<number> {
  const { path: walk = ["symlink-follow"], open = [], flags = ["read"] } = options;
  const { directory, relative } = await locate(guest, path);
  return await guest.ok(`${DESCRIPTOR}.open-at`, directory, walk, relative, open, flags) as number;
}

/** Reads a file below the guest's first directory. */
export async function readFile(guest: RawGuest, path: string): Promise<string> {
  const file = await openFile(guest, path);
  const [bytes] = await guest.ok(`${DESCRIPTOR}.read`, file, 65_536n, 0n) as [Uint8Array, boolean];
  return new TextDecoder().decode(bytes);
}

/** Calls a method of the guest's first directory that returns a result. */
export async function inDirectory(
  guest: RawGuest,
  method: string,
  ...values: readonly unknown[]
): Promise<unknown> {
  return await guest.ok(`${DESCRIPTOR}.${method}`, await firstDirectory(guest), ...values);
}

/** An HTTP request. */
export interface HttpRequest {
  /** Host and port. */
  readonly authority: string;
  /** The path. Default: `/`. */
  readonly path?: string;
  /** The method's tag and value. Default: GET. */
  readonly method?: { readonly tag: string; readonly val?: string };
  /** The scheme's tag and value. Default: HTTP. */
  readonly scheme?: { readonly tag: string; readonly val?: string };
  /** The headers. */
  readonly headers?: readonly (readonly [name: string, value: Uint8Array])[];
}

/** Makes a request and hands it over. Gives the handle of the future response. */
export async function startRequest(guest: RawGuest, request: HttpRequest): Promise<number> {
  const { authority, path = "/", method, scheme = { tag: "HTTP" }, headers = [] } = request;
  const fields = await guest.ok("wasi:http/types#[static]fields.from-list", headers);
  const outgoing = await guest.call("wasi:http/types#[constructor]outgoing-request", fields);
  await guest.ok(`${REQUEST}.set-scheme`, outgoing, scheme);
  await guest.ok(`${REQUEST}.set-authority`, outgoing, authority);
  await guest.ok(`${REQUEST}.set-path-with-query`, outgoing, path);
  if (method !== undefined) await guest.ok(`${REQUEST}.set-method`, outgoing, method);
  const handle = "wasi:http/outgoing-handler#handle";
  return await guest.ok(handle, outgoing, undefined) as number;
}

/** Makes a request and waits for the response. Gives the response's handle. */
export async function request(guest: RawGuest, what: HttpRequest): Promise<number> {
  const future = await startRequest(guest, what);
  const type = "wasi:http/types#[method]future-incoming-response";
  await block(guest, await guest.call(`${type}.subscribe`, future));
  const outcome = await guest.call(`${type}.get`, future) as
    | { readonly tag: string; readonly val: { readonly tag: string; readonly val: unknown } }
    | undefined;
  if (outcome === undefined) throw new Error("A future is ready and has nothing");
  if (outcome.tag !== "ok") throw new Error("A future was asked twice");
  if (outcome.val.tag !== "ok") throw new WasiError(`${type}.get`, outcome.val.val);
  return outcome.val.val as number;
}

/** Gives the status of a response. */
export async function statusOf(guest: RawGuest, response: number): Promise<number> {
  return await guest.call("wasi:http/types#[method]incoming-response.status", response) as number;
}

/** Opens the body of a response. Gives the handle of its stream. */
export async function bodyOf(guest: RawGuest, response: number): Promise<number> {
  const body = await guest.ok("wasi:http/types#[method]incoming-response.consume", response);
  return await guest.ok("wasi:http/types#[method]incoming-body.stream", body) as number;
}

/** Waits for a pollable. */
export async function block(guest: RawGuest, pollable: unknown): Promise<void> {
  await guest.call("wasi:io/poll#[method]pollable.block", pollable);
}

/** An IPv4 address and port, as WASI has it. */
export function ipv4(address: readonly number[], port: number): unknown {
  return { tag: "ipv4", val: { port, address } };
}

/** An IPv6 address and port, as WASI has it. */
export function ipv6(address: readonly number[], port: number): unknown {
  return { tag: "ipv6", val: { port, "flow-info": 0, address, "scope-id": 0 } };
}

/** Connects a TCP socket. Gives the handles of the socket and its two streams. */
export async function connect(
  guest: RawGuest,
  family: "ipv4" | "ipv6",
  address: unknown,
): Promise<readonly [socket: number, input: number, output: number]> {
  const type = "wasi:sockets/tcp#[method]tcp-socket";
  const socket = await guest.ok("wasi:sockets/tcp-create-socket#create-tcp-socket", family);
  const network = await guest.call("wasi:sockets/instance-network#instance-network");
  await guest.ok(`${type}.start-connect`, socket, network, address);
  const streams = await untilDone(guest, `${type}.finish-connect`, socket);
  const [input, output] = streams as [number, number];
  return [socket as number, input, output];
}

/** Calls a method of something that has a pollable, until it would no longer block. */
export async function untilDone(guest: RawGuest, id: string, self: unknown): Promise<unknown> {
  for (;;) {
    await block(guest, await guest.call(id.replace(/\.[^.]*$/, ".subscribe"), self));
    try {
      return await guest.ok(id, self);
    } catch (error) {
      if (!(error instanceof WasiError) || error.value !== "would-block") throw error;
    }
  }
}
