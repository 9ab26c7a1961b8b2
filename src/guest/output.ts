/**
 * What guests write, on its way to the host.
 *
 * @module
 */

import { formatSize } from "../size.ts";
import { LineSplitter } from "./line_splitter.ts";

/** How many bytes of lines one instance may write; what comes after is dropped. */
const MOST_OUTPUT = 16 * 1_048_576;

/** The streams that a guest writes to. */
export type OutputStreamName = "stdout" | "stderr";

/** A line that a guest wrote. */
export interface GuestOutput {
  /** The stream it was written to. */
  readonly stream: OutputStreamName;
  /** The text, without its line break. */
  readonly line: string;
}

/** Bytes that a guest wrote. */
export interface GuestBytes {
  /** The stream they were written to. */
  readonly stream: OutputStreamName;
  /** The bytes. */
  readonly bytes: Uint8Array;
}

/** What takes the output of guests: line by line, or as it comes. */
export type GuestOutputSink =
  | { readonly kind: "lines"; readonly onOutput: (output: GuestOutput) => void }
  | { readonly kind: "bytes"; readonly onBytes: (written: GuestBytes) => void };

/** The output of one instance. */
export interface InstanceOutput {
  /** Takes what the guest writes to its stdout. */
  readonly stdout: (chunk: Uint8Array) => void;
  /** Takes what the guest writes to its stderr. */
  readonly stderr: (chunk: Uint8Array) => void;
  /** Hands on what is left when the instance has ended. */
  readonly end: () => void;
}

/**
 * Connects the output of one instance.
 *
 * @param sink What takes it.
 * @returns What the instance writes to.
 */
export function createOutput(sink: GuestOutputSink): InstanceOutput {
  if (sink.kind === "bytes") {
    const to = (stream: OutputStreamName) => (bytes: Uint8Array) => sink.onBytes({ stream, bytes });
    return { stdout: to("stdout"), stderr: to("stderr"), end() {} };
  }
  const { onOutput } = sink;
  let left = MOST_OUTPUT;
  const stdout = new LineSplitter((line) => onOutput({ stream: "stdout", line }));
  const stderr = new LineSplitter((line) => onOutput({ stream: "stderr", line }));
  const to = (splitter: LineSplitter) => (chunk: Uint8Array) => {
    if (left <= 0) return;
    splitter.write(left < chunk.length ? chunk.subarray(0, left) : chunk);
    left -= chunk.length;
    if (left > 0) return;
    const line = `The instance wrote more than ${formatSize(MOST_OUTPUT)}; the rest is dropped`;
    onOutput({ stream: "stderr", line });
  };
  return {
    stdout: to(stdout),
    stderr: to(stderr),
    end() {
      stdout.end();
      stderr.end();
    },
  };
}
