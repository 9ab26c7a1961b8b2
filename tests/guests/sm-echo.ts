// deno-lint-ignore-file no-console -- the guest's console is its stdout
// Writes "tick" and the message to stdout, and answers "ECHO: " and the message.

export function handleTimerRequest(msg: string): string {
  console.log(`tick ${msg}`);
  return `ECHO: ${msg}`;
}
