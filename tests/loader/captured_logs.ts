import { configure, type LogRecord, reset } from "@logtape/logtape";

/** The warnings that the library writes until the end of the block. */
export interface CapturedLogs extends AsyncDisposable {
  readonly records: readonly LogRecord[];
}

/** Starts to capture what the library logs as a warning or worse. */
export async function capturedLogs(): Promise<CapturedLogs> {
  const records: LogRecord[] = [];
  await configure({
    sinks: { memory: (record) => void records.push(record) },
    loggers: [
      { category: "gyre", sinks: ["memory"], lowestLevel: "warning" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
    reset: true,
  });
  return { records, [Symbol.asyncDispose]: reset };
}
