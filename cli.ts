/**
 * The command line: `deno run -A cli.ts app.toml`.
 *
 * @module
 */

import { main } from "./src/cli/main.ts";

if (import.meta.main) await main(Deno.args);
