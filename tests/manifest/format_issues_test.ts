import assert from "node:assert/strict";
import { ManifestError } from "../../src/errors.ts";
import { formatManifestError } from "../../src/manifest/format_issues.ts";

Deno.test("formatManifestError() names the keys of an issue without a place", () => {
  const error = new ManifestError("the application", [{
    code: "ERR_WRONG_TYPE",
    message: '"source" in [component.hello] is a number',
    path: ["component", "hello", "source"],
    expected: "a path",
  }]);
  assert.deepEqual(formatManifestError(error).split("\n"), [
    'error[ERR_WRONG_TYPE]: "source" in [component.hello] is a number',
    "  --> component.hello.source",
    "   = expected: a path",
    "",
    "the application has 1 problem",
  ]);
});
