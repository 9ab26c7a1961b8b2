// @ts-types="./wasi.d.ts"
import { getEnvironment } from "wasi:cli/environment@0.2.12";
// @ts-types="./wasi.d.ts"
import { getDirectories } from "wasi:filesystem/preopens@0.2.12";

const MAXIMUM_LENGTH = 4096;

/** Greets the person in the environment variable NAME with the words in /greeting.txt. */
export function handleTimerRequest(_msg: string): string {
  const { NAME } = Object.fromEntries(getEnvironment());
  return `${readFromRoot("greeting.txt").trim()}, ${NAME ?? "whoever you are"}`;
}

function readFromRoot(path: string): string {
  const root = getDirectories().find(([, name]) => name === "/");
  if (root === undefined) throw new Error("No file is mounted");
  const [directory] = root;
  const file = directory.openAt({}, path, {}, { read: true });
  const [bytes] = file.read(MAXIMUM_LENGTH, 0);
  return decodeText(bytes);
}

// The engine has no TextDecoder.
function decodeText(bytes: Uint8Array): string {
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`);
  return decodeURIComponent(escaped.join(""));
}
