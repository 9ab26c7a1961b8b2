// What a guest writes: where it lasts, and where it is thrown away.

import assert from "node:assert/strict";
import { join } from "node:path";
import type { FileGrant } from "../../src/app/application.ts";
import {
  ExecutionContext,
  type ExecutionContextOptions,
  type IsolationName,
} from "../../src/context/execution_context.ts";
import { type TempDirectory, tempDirectory } from "../loader/temp_directory.ts";
import { applicationOf } from "./application_of.ts";

const HANDLE = "handle-timer-request";
const ISOLATIONS: readonly IsolationName[] = ["worker", "inline"];

const DATA: FileGrant = { kind: "mount", source: "data", destination: "/data", writable: true };
const TEXTS: FileGrant = { kind: "pattern", pattern: "texts/*" };

/** A component of the application: what it is granted, and what it tries. */
interface Part {
  readonly files: readonly FileGrant[];
  readonly actions: readonly unknown[];
}

/** Makes an application of probes, one for each part, over `data/` and `texts/a.txt`. */
async function contextOf(
  directory: TempDirectory,
  parts: Readonly<Record<string, Part>>,
  options: ExecutionContextOptions,
): Promise<ExecutionContext> {
  await directory.write("data/old.txt", "old");
  await directory.write("texts/a.txt", "original");
  const application = await applicationOf({
    components: Object.entries(parts).map(([id, { files, actions }]) => ({
      guest: "qjs-probe",
      id,
      files,
      environment: { PROBE: JSON.stringify(actions) },
    })),
    application: { baseDir: directory.path },
  });
  return await ExecutionContext.create(application, options);
}

async function outcomes(context: ExecutionContext, id: string): Promise<unknown> {
  const component = await context.prepareComponent(id);
  const result = await component.call({ export: HANDLE, args: ["x"] });
  assert.ok(result.ok, Deno.inspect(result));
  return JSON.parse(String(result.value));
}

for (const isolation of ISOLATIONS) {
  Deno.test(`what a guest writes into a writable mount lasts and is shared, ${isolation}`, async () => {
    await using directory = await tempDirectory();
    await using context = await contextOf(directory, {
      writer: {
        files: [TEXTS, DATA],
        actions: [
          { preopens: true },
          { write: "/data/new.txt", text: "written" },
          { list: "/" },
          { write: "/texts/a.txt", text: "x" },
          { readRaw: "data/new.txt" },
        ],
      },
      reader: {
        files: [{ ...DATA, destination: "/there" }],
        actions: [{ read: "/there/new.txt" }],
      },
    }, { isolation });
    assert.deepEqual(await outcomes(context, "writer"), [
      { ok: ["/", "/data"] },
      { ok: 7 },
      { ok: ["data", "texts"] },
      { error: "read-only" },
      { ok: "written" },
    ]);
    assert.deepEqual(await outcomes(context, "reader"), [{ ok: "written" }]);
    assert.equal(await Deno.readTextFile(join(directory.path, "data/new.txt")), "written");
  });

  Deno.test(`what a guest writes to its copies is there for its next event and then gone, ${isolation}`, async () => {
    await using directory = await tempDirectory();
    const parts = {
      one: {
        files: [TEXTS],
        actions: [{ read: "/texts/a.txt" }, { write: "/texts/a.txt", text: "changed!" }],
      },
      two: { files: [TEXTS], actions: [{ read: "/texts/a.txt" }] },
      none: { files: [], actions: [{ preopens: true }] },
    };
    {
      await using context = await contextOf(directory, parts, {
        isolation,
        allowTransientWrite: true,
      });
      assert.deepEqual(await outcomes(context, "one"), [{ ok: "original" }, { ok: 8 }]);
      assert.deepEqual(await outcomes(context, "one"), [{ ok: "changed!" }, { ok: 8 }]);
      assert.deepEqual(await outcomes(context, "two"), [{ ok: "original" }]);
      assert.deepEqual(await outcomes(context, "none"), [{ ok: [] }]);
    }
    assert.equal(await Deno.readTextFile(join(directory.path, "texts/a.txt")), "original");
    await using context = await contextOf(directory, parts, { isolation });
    assert.deepEqual(await outcomes(context, "one"), [{ ok: "original" }, { error: "read-only" }]);
  });
}
