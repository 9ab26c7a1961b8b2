// @ts-types="./wasi.d.ts"
import { getEnvironment } from "wasi:cli/environment@0.2.12";
// @ts-types="./wasi.d.ts"
import { type Descriptor, getDirectories } from "wasi:filesystem/preopens@0.2.12";

/** What Spin's cron trigger says of a tick. */
interface Metadata {
  /** The nominal time, in seconds since the Unix epoch. */
  readonly timestamp: number | bigint;
}

/**
 * Writes the report of a tick. The file is named after the tick's nominal time, so that a tick that
 * runs twice, as after a crash, leaves one report and not two.
 */
export function handleCronEvent({ timestamp }: Metadata): void {
  const scheduled = new Date(Number(timestamp) * 1_000).toISOString();
  const { GYRE_TRIGGER_ID, GYRE_ATTEMPT } = Object.fromEntries(getEnvironment());
  const text = `Report of ${scheduled}\ntrigger ${GYRE_TRIGGER_ID}, attempt ${GYRE_ATTEMPT}\n`;
  writeFile(findReports(), `${scheduled.slice(0, 10)}.txt`, text);
}

function findReports(): Descriptor {
  const reports = getDirectories().find(([, name]) => name === "/reports");
  if (reports === undefined) throw { tag: "other", val: "No directory /reports is mounted" };
  const [directory] = reports;
  return directory;
}

function writeFile(directory: Descriptor, name: string, text: string): void {
  const file = directory.openAt({}, name, { create: true, truncate: true }, { write: true });
  file.write(Uint8Array.from(text, (character) => character.charCodeAt(0)), 0);
}
