/**
 * The command line: `deno run -A cli.ts app.toml`.
 *
 * @module
 */

import { reexecute } from "./src/cli/reexecute.ts";

if (import.meta.main) {
  const exitCode = await reexecute(Deno.args);
  if (exitCode !== undefined) Deno.exit(exitCode);
  // Loaded only now: a process that only waits for another one needs nothing of it.
  const { main } = await import("./src/cli/main.ts");
  await main(Deno.args);
}
