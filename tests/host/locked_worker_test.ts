import assert from "node:assert/strict";

const PERMISSIONS = {
  env: false,
  ffi: false,
  import: false,
  net: false,
  run: false,
  sys: false,
  write: false,
} as const;

Deno.test("the host works in a worker that may only read the mount", async () => {
  const around = Deno.realPathSync(Deno.makeTempDirSync());
  const worker = new Worker(import.meta.resolve("./locked_worker_main.ts"), {
    type: "module",
    deno: { permissions: { ...PERMISSIONS, read: [`${around}/granted`] } },
  });
  try {
    for (const name of ["granted", "denied"]) {
      Deno.mkdirSync(`${around}/${name}`);
      Deno.writeTextFileSync(`${around}/${name}/a.txt`, name);
    }
    const answer = Promise.withResolvers<unknown>();
    worker.onmessage = ({ data }) => answer.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      answer.reject(new Error(event.message));
    };
    worker.postMessage({
      mounts: ["granted", "denied"].map((name) => ({
        hostPath: `${around}/${name}`,
        guestPath: `/${name}`,
        writable: false,
      })),
    });
    const { environment, files, random } = await answer.promise as {
      environment: unknown;
      files: unknown;
      random: Uint8Array;
    };
    assert.deepEqual(environment, []);
    // The second mount stands for a hole in wall one: wall two denies it, in WASI's words.
    assert.deepEqual(files, ["granted", "error: access"]);
    assert.equal(random.length, 4);
  } finally {
    worker.terminate();
    Deno.removeSync(around, { recursive: true });
  }
});
