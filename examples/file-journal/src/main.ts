// @ts-types="./wasi.d.ts"
import { getDirectories } from "wasi:filesystem/preopens@0.2.12";

/** Adds a line to /journal/entries.txt, and answers how many bytes the journal has now. */
export function handleTimerRequest(time: string): string {
  const journal = getDirectories().find(([, name]) => name === "/journal");
  if (journal === undefined) throw new Error("No journal is mounted");
  const [directory] = journal;
  const file = directory.openAt({}, "entries.txt", { create: true }, { read: true, write: true });
  const { size } = file.stat();
  const line = Uint8Array.from(`${time}\n`, (character) => character.charCodeAt(0));
  file.write(line, size);
  return `${Number(size) + line.length} bytes`;
}
