/**
 * The worker in which components are compiled.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import type { CompiledComponent } from "./compiled_component.ts";
import { printWorld, transpile } from "./jco.ts";
import { parseWorld, withoutVersion } from "./world.ts";

/** A component to compile. */
export interface CompileRequest {
  /** Comes back with the reply. */
  readonly id: number;
  /** The component. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For every interface, the functions of it that may suspend the guest. */
  readonly suspendingImports: ReadonlyMap<string, readonly string[]>;
}

/** What became of a {@linkcode CompileRequest}. */
export type CompileReply =
  & { readonly id: number }
  & (
    | {
      readonly ok: true;
      readonly compiled: Omit<CompiledComponent, "digest">;
    }
    | { readonly ok: false; readonly message: string }
  );

/** The scope of a worker; the types that Deno checks with by default are those of a window. */
declare const self: {
  onmessage: (event: MessageEvent<CompileRequest>) => void;
  postMessage(reply: CompileReply): void;
};

self.onmessage = async ({ data }) => {
  let reply: CompileReply;
  try {
    reply = { id: data.id, ok: true, compiled: await compile(data) };
  } catch (error) {
    reply = { id: data.id, ok: false, message: reason(error) };
  }
  self.postMessage(reply);
};

async function compile(
  request: CompileRequest,
): Promise<Omit<CompiledComponent, "digest">> {
  const world = parseWorld(await printWorld(request.bytes));
  const suspendingImports = world.imports.flatMap(({ name }) =>
    request.suspendingImports.get(withoutVersion(name)) ?? []
  );
  const { source, modules } = await transpile(request.bytes, {
    suspendingImports,
    suspendingExports: world.exports.filter(({ kind }) => kind === "function")
      .map(({ name }) => name),
  });
  return { world, suspends: suspendingImports.length > 0, source, modules };
}

/** jco reports an error as a chain over several lines, the last of which says what is wrong. */
function reason(error: unknown): string {
  const lines = messageOf(error).split("\n").map((line) => line.trim()).filter((line) =>
    line !== ""
  );
  return lines.at(-1) ?? "jco gave no reason";
}
