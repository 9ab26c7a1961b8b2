import assert from "node:assert/strict";
import type { Component } from "../../src/app/application.ts";
import { DEFAULT_LIMITS } from "../../src/app/limits.ts";
import { assertInitialSize } from "../../src/context/initial_size_check.ts";
import { wat } from "../compile/instrument/wat.ts";
import { scripted } from "../isolation/executor_spec.ts";
import { applicationOf } from "./application_of.ts";

async function componentWith(memory: number): Promise<Component> {
  const limits = { ...DEFAULT_LIMITS, memory };
  const { components } = await applicationOf({ components: [{ guest: "wat-echo", limits }] });
  const [component] = components;
  assert.ok(component !== undefined);
  return component;
}

async function compiledOf(...texts: readonly string[]) {
  const modules = await Promise.all(
    texts.map(async (text, index) => [`${index}`, await wat(`(module ${text})`)] as const),
  );
  return { ...scripted(""), modules: new Map(modules) };
}

Deno.test("assertInitialSize() adds up the memories of all core modules", async () => {
  const compiled = await compiledOf("(memory 10)", "(memory 6) (memory 1)");
  assertInitialSize(await componentWith(17 * 65_536), compiled);
  const component = await componentWith(17 * 65_536 - 1);
  assert.throws(() => assertInitialSize(component, compiled), {
    code: "ERR_MEMORY_LIMIT",
    message: 'Component "wat-echo" begins with 1088KiB of memory, and may have 1114111B',
  });
});

Deno.test("assertInitialSize() refuses tables that are too large", async () => {
  const compiled = await compiledOf("(table 1500000 funcref)", "(table 500001 funcref)");
  const component = await componentWith(65_536);
  assert.throws(() => assertInitialSize(component, compiled), { code: "ERR_TABLE_LIMIT" });
});
