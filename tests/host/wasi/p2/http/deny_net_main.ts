// Starts the worker of the escape attempts for one granted name, and prints what it reports. A
// process of its own, because what it denies to all its workers is said when it starts.

const [authority = ""] = Deno.args;
const worker = new Worker(import.meta.resolve("./escape_worker.ts"), {
  type: "module",
  deno: {
    permissions: {
      env: false,
      ffi: false,
      import: false,
      net: [authority],
      read: false,
      run: false,
      sys: false,
      write: false,
    },
  },
});
worker.onmessage = ({ data }) => {
  Deno.stdout.writeSync(new TextEncoder().encode(data));
  worker.terminate();
};
worker.postMessage({ authority });
