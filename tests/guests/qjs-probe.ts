// Tries what the environment variable PROBE lists and answers with one outcome per action, as JSON:
// `{"ok": value}` or `{"error": code}`. The code is the bare WASI error, such as `"no-entry"` or
// `{"tag": "HTTP-request-denied"}`, so that a test can tell a denial from an absence.

// @ts-types="./wasi.d.ts"
import { getArguments, getEnvironment } from "wasi:cli/environment@0.2.12";
// @ts-types="./wasi.d.ts"
import { subscribeDuration } from "wasi:clocks/monotonic-clock@0.2.12";
// @ts-types="./wasi.d.ts"
import { getDirectories } from "wasi:filesystem/preopens@0.2.12";
// @ts-types="./wasi.d.ts"
import { handle } from "wasi:http/outgoing-handler@0.2.12";
// @ts-types="./wasi.d.ts"
import { Fields, OutgoingRequest } from "wasi:http/types@0.2.12";
// @ts-types="./wasi.d.ts"
import { instanceNetwork } from "wasi:sockets/instance-network@0.2.12";
// @ts-types="./wasi.d.ts"
import { resolveAddresses } from "wasi:sockets/ip-name-lookup@0.2.12";
// @ts-types="./wasi.d.ts"
import { createTcpSocket } from "wasi:sockets/tcp-create-socket@0.2.12";
import type { Descriptor as ReadDescriptor } from "./wasi.d.ts";

const MAXIMUM_READ = 1 << 16;
const POLL_NANOSECONDS = 1_000_000;

/** The functions of a descriptor that change something, or ask without opening. */
interface Descriptor extends ReadDescriptor {
  setSize(size: number): void;
  setTimes(access: unknown, modification: unknown): void;
  createDirectoryAt(path: string): void;
  statAt(pathFlags: unknown, path: string): unknown;
  setTimesAt(pathFlags: unknown, path: string, access: unknown, modification: unknown): void;
  linkAt(pathFlags: unknown, path: string, to: Descriptor, newPath: string): void;
  readlinkAt(path: string): string;
  removeDirectoryAt(path: string): void;
  renameAt(path: string, to: Descriptor, newPath: string): void;
  symlinkAt(target: string, path: string): void;
  metadataHashAt(pathFlags: unknown, path: string): unknown;
}

type Action =
  | { readonly environment: true }
  | { readonly arguments: true }
  | { readonly preopens: true }
  /** A path as a libc would open it: below the preopen with the longest matching prefix. */
  | { readonly read: string }
  /** A path handed to the first preopen as it is, `..` and leading slash included. */
  | { readonly readRaw: string }
  /**
   * A function of the first preopen by name, with its arguments; the text `ROOT` stands for the
   * preopen. What it opens, it reads or writes.
   */
  | { readonly method: keyof Descriptor; readonly args: readonly unknown[] }
  | { readonly list: string }
  | { readonly write: string; readonly text: string }
  | { readonly unlink: string }
  /** An IPv4 address and port, such as `127.0.0.1:80`. */
  | { readonly connect: string }
  | { readonly resolve: string }
  /** A URL to GET; the outcome is the status. */
  | { readonly http: string };

export function handleTimerRequest(_msg: string): string {
  const variables = Object.fromEntries(getEnvironment());
  const actions: Action[] = JSON.parse(variables["PROBE"] ?? "[]");
  return JSON.stringify(actions.map(attempt));
}

function attempt(action: Action): unknown {
  try {
    return { ok: perform(action) };
  } catch (error) {
    return { error: code(error) };
  }
}

// componentize-qjs throws an enum's case as the message of an Error, and a variant's as it is.
function code(error: unknown): unknown {
  return error instanceof Error ? error.message : error;
}

function perform(action: Action): unknown {
  if ("environment" in action) return getEnvironment();
  if ("arguments" in action) return getArguments();
  if ("preopens" in action) {
    return getDirectories().map(([, path]) => path);
  }
  if ("read" in action) {
    const [directory, path] = locate(action.read);
    return readText(directory, path);
  }
  if ("readRaw" in action) {
    return readText(firstPreopen(), action.readRaw);
  }
  if ("method" in action) return callMethod(action.method, action.args);
  if ("list" in action) return list(action.list);
  if ("write" in action) return write(action.write, action.text);
  if ("unlink" in action) {
    const [directory, path] = locate(action.unlink);
    return directory.unlinkFileAt(path) ?? null;
  }
  if ("connect" in action) return connect(action.connect);
  if ("resolve" in action) return resolve(action.resolve);
  return get(action.http);
}

function firstPreopen(): Descriptor {
  const [first] = getDirectories();
  if (first === undefined) throw "no-preopen";
  return first[0] as Descriptor;
}

function callMethod(method: keyof Descriptor, args: readonly unknown[]): unknown {
  const root = firstPreopen();
  const call = root[method] as (...args: unknown[]) => unknown;
  const result = call.apply(root, args.map((arg) => arg === "ROOT" ? root : arg));
  if (method !== "openAt") return typeof result === "string" ? result : "done";
  const opened = result as Descriptor;
  const { write, mutateDirectory } = args[3] as Record<string, boolean>;
  if (mutateDirectory) return "opened";
  if (write) return opened.write(Uint8Array.of(120), 0);
  return String.fromCharCode(...opened.read(MAXIMUM_READ, 0)[0]);
}

function locate(path: string): [directory: Descriptor, relative: string] {
  const candidates = getDirectories()
    .map(([directory, name]) => [directory, name.endsWith("/") ? name : `${name}/`] as const)
    .filter(([, prefix]) => `${path}/`.startsWith(prefix))
    .sort(([, a], [, b]) => b.length - a.length);
  const [best] = candidates;
  if (best === undefined) throw "no-preopen";
  const [directory, prefix] = best;
  return [directory as Descriptor, path.slice(prefix.length) || "."];
}

function readText(directory: Descriptor, path: string): string {
  const file = directory.openAt({ symlinkFollow: true }, path, {}, {
    read: true,
  });
  const [bytes] = file.read(MAXIMUM_READ, 0);
  return String.fromCharCode(...bytes);
}

function list(path: string): string[] {
  const [directory, relative] = locate(path);
  const entries = directory
    .openAt({ symlinkFollow: true }, relative, { directory: true }, {
      read: true,
    })
    .readDirectory();
  const names: string[] = [];
  for (
    let entry = entries.readDirectoryEntry();
    entry !== null;
    entry = entries.readDirectoryEntry()
  ) {
    names.push(entry.name);
  }
  return names.sort();
}

function write(path: string, text: string): number {
  const [directory, relative] = locate(path);
  const file = directory.openAt({ symlinkFollow: true }, relative, {
    create: true,
  }, { write: true });
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return file.write(bytes, 0);
}

function connect(address: string): string {
  const [host = "", port = ""] = address.split(":");
  const socket = createTcpSocket("ipv4");
  socket.startConnect(instanceNetwork(), {
    tag: "ipv4",
    val: { port: Number(port), address: host.split(".").map(Number) },
  });
  return untilReady(socket, () => {
    socket.finishConnect();
    return "connected";
  });
}

function resolve(name: string): string | null {
  const addresses = resolveAddresses(
    instanceNetwork(),
    name,
  );
  const address = untilReady(addresses, () => addresses.resolveNextAddress());
  return address && address.val.join(address.tag === "ipv4" ? "." : ":");
}

function untilReady<T>(
  source: { subscribe(): { block(): void } },
  step: () => T,
): T {
  while (true) {
    try {
      return step();
    } catch (error) {
      if (code(error) !== "would-block") throw error;
      source.subscribe().block();
    }
  }
}

function get(url: string): number {
  const [, scheme, authority, path] = /^(https?):\/\/([^/]+)(.*)$/.exec(url) ??
    [];
  const request = new OutgoingRequest(new Fields());
  request.setScheme({ tag: scheme === "https" ? "HTTPS" : "HTTP" });
  request.setAuthority(authority ?? null);
  request.setPathWithQuery(path || "/");
  const future = handle(request, null);
  let outcome = future.get();
  // componentize-qjs cannot link a response's own pollable, so the clock's takes its place.
  while (outcome === null) {
    subscribeDuration(POLL_NANOSECONDS).block();
    outcome = future.get();
  }
  if (outcome.tag !== "ok") throw "no-response";
  if (outcome.val.tag !== "ok") throw outcome.val.val;
  return outcome.val.val.status();
}
