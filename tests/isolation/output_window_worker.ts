/** Enters a window with a line of 1,000 characters again and again, and says so each time. */

import { OutputWindow } from "../../src/isolation/output_window.ts";

declare const self: {
  onmessage: (event: MessageEvent<SharedArrayBuffer>) => void;
  postMessage(count: number): void;
};

const LINE = "x".repeat(1_000);
const LINES = 200;

self.onmessage = ({ data }) => {
  const window = new OutputWindow(data);
  for (let count = 1; count <= LINES; count++) {
    window.enter(LINE.length);
    self.postMessage(count);
  }
};
