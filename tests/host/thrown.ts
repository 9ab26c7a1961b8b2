/** Runs what must throw, and gives what it threw: a WASI error is a bare value, not an `Error`. */
export function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown");
}
