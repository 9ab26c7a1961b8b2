import assert from "node:assert/strict";
import { RunEvents } from "../../src/runtime/events.ts";
import { capturedLogs } from "../loader/captured_logs.ts";

const SKIPPED = { trigger: "t", component: "c", count: 1, reason: "r" };

Deno.test("emit() tells every listener of its name, in order, and no other", () => {
  const events = new RunEvents();
  const heard: string[] = [];
  events.on("skipped", ({ count }) => heard.push(`a ${count}`));
  events.on("skipped", ({ count }) => heard.push(`b ${count}`));
  events.on("stopped", () => heard.push("stopped"));
  events.emit("skipped", SKIPPED);
  events.emit("skipped", { ...SKIPPED, count: 2 });
  assert.deepEqual(heard, ["a 1", "b 1", "a 2", "b 2"]);
});

Deno.test("emit() does nothing when nobody listens", () => {
  new RunEvents().emit("skipped", SKIPPED);
});

Deno.test("on() gives a function that ends the listening, at any time and more than once", () => {
  const events = new RunEvents();
  const heard: string[] = [];
  const endA = events.on("skipped", () => {
    heard.push("a");
    endA();
  });
  const endB = events.on("skipped", () => heard.push("b"));
  events.emit("skipped", SKIPPED);
  endA();
  events.emit("skipped", SKIPPED);
  endB();
  events.emit("skipped", SKIPPED);
  assert.deepEqual(heard, ["a", "b", "b"]);
});

Deno.test("emit() tells the others, and logs it, when a listener throws", async () => {
  await using logs = await capturedLogs();
  const events = new RunEvents();
  let heard = 0;
  events.on("skipped", () => {
    throw new Error("bad listener");
  });
  events.on("skipped", () => void heard++);
  events.emit("skipped", SKIPPED);
  assert.equal(heard, 1);
  assert.equal(logs.records.length, 1);
  assert.equal(logs.records[0]?.level, "error");
  assert.equal(logs.records[0]?.properties["name"], "skipped");
});

Deno.test("emit() logs it when an async listener rejects", async () => {
  await using logs = await capturedLogs();
  const unhandled: unknown[] = [];
  const onUnhandled = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  addEventListener("unhandledrejection", onUnhandled);
  try {
    const events = new RunEvents();
    events.on("skipped", () => Promise.reject(new Error("bad listener")));
    events.emit("skipped", SKIPPED);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.deepEqual(unhandled, []);
    assert.equal(logs.records.length, 1);
  } finally {
    removeEventListener("unhandledrejection", onUnhandled);
  }
});
