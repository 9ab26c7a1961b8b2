// Writes "tick" and the message to stdout, and answers "ECHO: " and the message. The engine has no
// console, so the line goes through WASI.

// @ts-types="./wasi.d.ts"
import { getStdout } from "wasi:cli/stdout@0.2.12";

export function handleTimerRequest(msg: string): string {
  printLine(`tick ${msg}`);
  return `ECHO: ${msg}`;
}

function printLine(text: string): void {
  const bytes = Uint8Array.from(
    `${text}\n`,
    (character) => character.charCodeAt(0),
  );
  getStdout().blockingWriteAndFlush(bytes);
}
