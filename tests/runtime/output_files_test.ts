import assert from "node:assert/strict";
import { join } from "node:path";
import { OutputFiles } from "../../src/runtime/output_files.ts";
import { tempDirectory } from "../loader/temp_directory.ts";

Deno.test("OutputFiles appends each line to the file of its component and stream", async () => {
  await using temp = await tempDirectory();
  const directory = join(temp.path, "not", "there");
  for (let round = 0; round < 2; round++) {
    using files = new OutputFiles(directory);
    files.write({ component: "a", stream: "stdout", line: "one ä" });
    files.write({ component: "a", stream: "stderr", line: "" });
    files.write({ component: "b", stream: "stdout", line: "two" });
    files.write({ component: "a", stream: "stdout", line: "three" });
    // On disk at once, not only at the end.
    assert.match(await Deno.readTextFile(join(directory, "a_stdout.txt")), /three\n$/);
  }
  const read = (name: string) => Deno.readTextFile(join(directory, name));
  assert.equal(await read("a_stdout.txt"), "one ä\nthree\none ä\nthree\n");
  assert.equal(await read("a_stderr.txt"), "\n\n");
  assert.equal(await read("b_stdout.txt"), "two\ntwo\n");
  assert.equal([...Deno.readDirSync(directory)].length, 3);
});

Deno.test("OutputFiles makes no file for what writes nothing", async () => {
  await using temp = await tempDirectory();
  new OutputFiles(temp.path)[Symbol.dispose]();
  assert.deepEqual([...Deno.readDirSync(temp.path)], []);
});

Deno.test("OutputFiles refuses with ERR_LOG_DIR a directory that cannot be made", async () => {
  await using temp = await tempDirectory();
  const file = await temp.write("file", "no directory");
  assert.throws(() => new OutputFiles(join(file, "logs")), { code: "ERR_LOG_DIR" });
});
