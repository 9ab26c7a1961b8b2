/// <reference lib="deno.worker" />
// Sends one request with a policy that allows everything, and reports the error code's tag.

import { Client, type Sent } from "./client.ts";

// As in the worker of a component.
Reflect.deleteProperty(globalThis, "process");

self.onmessage = async ({ data }: MessageEvent<Sent>) => {
  using client = new Client(["*://*:*"]);
  try {
    const { status } = await client.send({
      timeouts: { connect: 5_000, firstByte: 5_000 },
      ...data,
    });
    self.postMessage(`status ${status}`);
  } catch (error) {
    self.postMessage((error as { tag?: string }).tag ?? String(error));
  }
};
